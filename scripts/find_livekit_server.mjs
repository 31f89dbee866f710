// Finds the LiveKit server for the room tests: LIVEKIT_SERVER_PATH, or `livekit-server` on the PATH, or the one that
// scripts/install_livekit_server.sh built. Run as a program, it prints the path, or says what to do and fails.
import { fileURLToPath } from 'node:url';
import { findProgram, printWhenRun } from './find_program.mjs';

const VERSION = '1.13.5';
const BUILT = fileURLToPath(new URL(`../.cache/bin/livekit-server-${VERSION}`, import.meta.url));

export const HOW_TO_INSTALL_LIVEKIT_SERVER =
  'no LiveKit server was found: run scripts/install_livekit_server.sh, or set LIVEKIT_SERVER_PATH to its program';

/** @returns {string | undefined} */
export function findLivekitServer() {
  const names = ['livekit-server'];
  return findProgram({ variable: 'LIVEKIT_SERVER_PATH', names, files: [BUILT] });
}

printWhenRun(import.meta.url, findLivekitServer(), HOW_TO_INSTALL_LIVEKIT_SERVER);
