import { type Browser, chromium } from 'playwright-core';
import { findChromium, HOW_TO_INSTALL } from '../../scripts/find_chromium.mjs';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Sound without a click. */
export const AUTOPLAY = '--autoplay-policy=no-user-gesture-required';

/**
 * Starts the system's Chromium with a profile of its own, which goes with it. It ends with this process.
 *
 * @throws Error that says how to install a browser where there is none.
 */
export async function launchChromium(extraFlags: readonly string[] = [AUTOPLAY]): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(HOW_TO_INSTALL);
  return await chromium.launch({
    executablePath,
    // A sandbox needs rights that containers do not have.
    chromiumSandbox: false,
    args: [...FLAGS, ...extraFlags],
    // Playwright would mute the page, and allow sound without a click.
    ignoreDefaultArgs: ['--mute-audio'],
  });
}
