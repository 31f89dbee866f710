import { findChromium, HOW_TO_INSTALL } from '../../scripts/find_chromium.mjs';
import { findFirefox, HOW_TO_INSTALL_FIREFOX } from '../../scripts/find_firefox.mjs';
import {
  findLivekitServer,
  HOW_TO_INSTALL_LIVEKIT_SERVER,
} from '../../scripts/find_livekit_server.mjs';
import { findWebkit, HOW_TO_INSTALL_WEBKIT } from '../../scripts/find_webkit.mjs';

/** @returns What must be installed before a room can be opened here; `undefined` if nothing is missing. */
export function missingForRoom(): string | undefined {
  if (findLivekitServer() === undefined) return HOW_TO_INSTALL_LIVEKIT_SERVER;
  // The project `firefox-room` of vitest.config.ts sets it.
  if (process.env['ONCUE_TEST_BROWSER'] === 'firefox')
    return findFirefox() === undefined ? HOW_TO_INSTALL_FIREFOX : undefined;
  return findChromium() === undefined ? HOW_TO_INSTALL : undefined;
}

/** The part of Vitest's test context that is used here. */
interface Skippable {
  skip(note: string): void;
}

/** Skips a test if there is no server or no browser; the report names it. In CI the test fails instead. */
export function needsRoom(context: Skippable): void {
  skipIfMissing(context, missingForRoom());
}

/** Skips a test if there is no browser; the report names it. In CI the test fails instead. */
export function needsChromium(context: Skippable): void {
  skipIfMissing(context, findChromium() === undefined ? HOW_TO_INSTALL : undefined);
}

/** Skips a test if there is no Firefox with PulseAudio; the report names it. In CI the test fails instead. */
export function needsFirefox(context: Skippable): void {
  skipIfMissing(context, findFirefox() === undefined ? HOW_TO_INSTALL_FIREFOX : undefined);
}

/** Skips a test if there is no WebKitGTK with its driver; the report names it. In CI the test fails instead. */
export function needsWebkit(context: Skippable): void {
  skipIfMissing(context, findWebkit() === undefined ? HOW_TO_INSTALL_WEBKIT : undefined);
}

function skipIfMissing(context: Skippable, missing: string | undefined): void {
  if (missing === undefined) return;
  if (process.env['CI'] === 'true') throw new Error(missing);
  context.skip(missing);
}
