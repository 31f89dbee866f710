import { type Browser, chromium, type Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import { findChromium, HOW_TO_INSTALL } from '../../../../scripts/find_chromium.mjs';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Sound without a click, for all tests but those of the click. */
export const AUTOPLAY = '--autoplay-policy=no-user-gesture-required';

/** A microphone that beeps, and no question to the user. */
export const FAKE_MICROPHONE = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** Skips a test, by its name in the report, where there is no browser. In CI it fails instead. */
export function needsChromium(context: Pick<TestContext, 'skip'>): void {
  if (findChromium() !== undefined) return;
  if (process.env['CI'] === 'true') throw new Error(HOW_TO_INSTALL);
  context.skip(HOW_TO_INSTALL);
}

/** Starts the system's Chromium with a profile of its own, which goes with it. */
export function launch(extraFlags: readonly string[] = [AUTOPLAY]): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? '',
    // A sandbox needs rights that containers do not have.
    chromiumSandbox: false,
    args: [...FLAGS, ...extraFlags],
    // Playwright would mute the page, and allow sound without a click.
    ignoreDefaultArgs: ['--mute-audio'],
  });
}

/** Calls a function of the page's fixture. */
export function call<T>(page: Page, name: string, argument?: unknown): Promise<T> {
  const source = `fixture.${name}(${argument === undefined ? '' : JSON.stringify(argument)})`;
  return page.evaluate<T>(source);
}
