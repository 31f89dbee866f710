import { findChromium, HOW_TO_INSTALL } from '../../scripts/find_chromium.mjs';
import {
  findLivekitServer,
  HOW_TO_INSTALL_LIVEKIT_SERVER,
} from '../../scripts/find_livekit_server.mjs';

/** @returns What to install before a room can be opened here; `undefined` when all is there. */
export function missingForRoom(): string | undefined {
  if (findLivekitServer() === undefined) return HOW_TO_INSTALL_LIVEKIT_SERVER;
  return findChromium() === undefined ? HOW_TO_INSTALL : undefined;
}

/** What tests need of Vitest's context. */
interface Skippable {
  skip(note: string): void;
}

/** Skips a test, by its name in the report, where there is no server or no browser. In CI it fails instead. */
export function needsRoom(context: Skippable): void {
  skipIfMissing(context, missingForRoom());
}

/** Skips a test, by its name in the report, where there is no browser. In CI it fails instead. */
export function needsChromium(context: Skippable): void {
  skipIfMissing(context, findChromium() === undefined ? HOW_TO_INSTALL : undefined);
}

function skipIfMissing(context: Skippable, missing: string | undefined): void {
  if (missing === undefined) return;
  if (process.env['CI'] === 'true') throw new Error(missing);
  context.skip(missing);
}
