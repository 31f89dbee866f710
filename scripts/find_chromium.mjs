// Finds the Chromium that the browser tests drive: CHROMIUM_PATH, or the first of these names on the PATH.
// Run as a program, it prints the path, or says what to do and fails.
import { findProgram, printWhenRun } from './find_program.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export const HOW_TO_INSTALL =
  'no Chromium was found: run scripts/install_chromium.sh, or set CHROMIUM_PATH to its program';

/** @returns {string | undefined} */
export function findChromium() {
  return findProgram({ variable: 'CHROMIUM_PATH', names: NAMES });
}

printWhenRun(import.meta.url, findChromium(), HOW_TO_INSTALL);
