// Finds what the tests in WebKit need: WebKitGTK's driver and its small browser, a display without a screen, a message bus and
// PulseAudio. Run as a program, it prints the path of the driver, or says what to do and fails.
import { findPulseaudio } from './find_firefox.mjs';
import { findProgram, printWhenRun } from './find_program.mjs';

export const HOW_TO_INSTALL_WEBKIT =
  'no WebKitGTK with its driver, Xvfb, D-Bus and PulseAudio was found: run scripts/install_webkit.sh, or set WEBKIT_DRIVER_PATH to the driver';

/** @returns {{ driver: string, xvfbRun: string, dbusRunSession: string } | undefined} */
export function findWebkit() {
  const driver = findProgram({ variable: 'WEBKIT_DRIVER_PATH', names: ['WebKitWebDriver'] });
  const xvfbRun = findProgram({ variable: 'XVFB_RUN_PATH', names: ['xvfb-run'] });
  const dbusRunSession = findProgram({ variable: 'DBUS_RUN_PATH', names: ['dbus-run-session'] });
  if (!driver || !xvfbRun || !dbusRunSession || !findPulseaudio()) return undefined;
  return { driver, xvfbRun, dbusRunSession };
}

printWhenRun(import.meta.url, findWebkit()?.driver, HOW_TO_INSTALL_WEBKIT);
