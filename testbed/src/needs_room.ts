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

/** Skips a test, by its name in the report, where there is no server or no browser. In CI it fails instead. */
export function needsRoom(context: { skip(note: string): void }): void {
  const missing = missingForRoom();
  if (missing === undefined) return;
  if (process.env['CI'] === 'true') throw new Error(missing);
  context.skip(missing);
}
