// Finds the Firefox of the tests in Firefox, FIREFOX_PATH or on the PATH, and PulseAudio, which it needs for its sound:
// PULSEAUDIO_PATH or on the PATH. Run as a program, it prints the path of Firefox, or says what to do and fails.
import { findProgram, printWhenRun } from './find_program.mjs';

export const HOW_TO_INSTALL_FIREFOX =
  'no Firefox with PulseAudio was found: run scripts/install_firefox.sh, or set FIREFOX_PATH and PULSEAUDIO_PATH to their programs';

/** @returns {string | undefined} */
export function findPulseaudio() {
  return findProgram({ variable: 'PULSEAUDIO_PATH', names: ['pulseaudio'] });
}

/** @returns {{ firefox: string, pulseaudio: string } | undefined} */
export function findFirefox() {
  const firefox = findProgram({ variable: 'FIREFOX_PATH', names: ['firefox-esr', 'firefox'] });
  const pulseaudio = findPulseaudio();
  return firefox && pulseaudio ? { firefox, pulseaudio } : undefined;
}

printWhenRun(import.meta.url, findFirefox()?.firefox, HOW_TO_INSTALL_FIREFOX);
