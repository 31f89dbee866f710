// Finds the LiveKit server that the room tests talk through: LIVEKIT_SERVER_PATH, or `livekit-server` on the PATH, or
// what scripts/install_livekit_server.sh built. As a program it prints the path, or says what to do and fails.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '1.13.5';
const BUILT = fileURLToPath(new URL(`../.cache/bin/livekit-server-${VERSION}`, import.meta.url));

export const HOW_TO_INSTALL_LIVEKIT_SERVER =
  'no LiveKit server was found: run scripts/install_livekit_server.sh, or set LIVEKIT_SERVER_PATH to its program';

/** @returns {string | undefined} */
export function findLivekitServer() {
  const given = process.env.LIVEKIT_SERVER_PATH;
  if (given) return given;
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return [...folders.map((folder) => path.join(folder, 'livekit-server')), BUILT].find(isProgram);
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = findLivekitServer();
  if (found) console.log(found);
  else {
    console.error(HOW_TO_INSTALL_LIVEKIT_SERVER);
    process.exitCode = 1;
  }
}
