import {
  AUTOPLAY,
  launchChromium,
  launchFirefox,
  needsChromium,
  needsFirefox,
} from '@oncue/testbed';
import type { Browser } from 'playwright-core';
import { findChromium } from '../../../../scripts/find_chromium.mjs';
import { findFirefox } from '../../../../scripts/find_firefox.mjs';
import { FAKE_MICROPHONE } from './chromium.ts';

/** The project `firefox` of vitest.config.ts sets it. */
export const isFirefox: boolean = process.env['ONCUE_TEST_BROWSER'] === 'firefox';

/** Skips a test if the browser of this run is missing; the report names it. In CI the test fails instead. */
export const needsBrowser: typeof needsChromium = isFirefox ? needsFirefox : needsChromium;

/** Starts the browser of this run, with a microphone that beeps. @returns `undefined` if it is not installed. */
export async function launchBrowser(): Promise<Browser | undefined> {
  const found = isFirefox ? findFirefox() : findChromium();
  if (found === undefined) return undefined;
  return isFirefox ? launchFirefox() : launchChromium([AUTOPLAY, ...FAKE_MICROPHONE]);
}
