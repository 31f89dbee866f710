import { type Browser, chromium } from 'playwright-core';
import { findChromium, HOW_TO_INSTALL } from '../../scripts/find_chromium.mjs';
import type { SoundSink } from './sound/sound_sink.ts';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Allows sound without a click. */
export const AUTOPLAY = '--autoplay-policy=no-user-gesture-required';

/**
 * Starts the system's Chromium with its own temporary profile. It ends with this process.
 *
 * @param sink Its sound device. Default: the device of this machine, or Chromium's own clock if there is none.
 * @param withoutFlags Flags of Playwright's own that are left out.
 * @throws Error that says how to install a browser, if there is none.
 */
export async function launchChromium(
  extraFlags: readonly string[] = [AUTOPLAY],
  sink?: SoundSink,
  withoutFlags: readonly string[] = [],
): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(HOW_TO_INSTALL);
  return await chromium.launch({
    executablePath,
    ...(sink ? { env: { ...process.env, ...sink.env } } : {}),
    // The sandbox needs rights that containers do not have.
    chromiumSandbox: false,
    args: [...FLAGS, ...extraFlags],
    // By default Playwright mutes the page and allows sound without a click.
    ignoreDefaultArgs: ['--mute-audio', ...withoutFlags],
  });
}
