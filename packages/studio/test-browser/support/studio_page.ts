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

/** Skips a test, by its name in the report, where there is no browser. In CI it fails instead. */
export function needsChromium(context: Pick<TestContext, 'skip'>): void {
  if (findChromium() !== undefined) return;
  if (process.env['CI'] === 'true') throw new Error(HOW_TO_INSTALL);
  context.skip(HOW_TO_INSTALL);
}

/** A browser with a profile of its own. `speech`: a WAV file that its microphone hears, once. */
export function launch(speech?: string): Promise<Browser> {
  const microphone = [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    ...(speech === undefined ? [] : [`--use-file-for-fake-audio-capture=${speech}%noloop`]),
  ];
  return chromium.launch({
    executablePath: findChromium() ?? '',
    // A sandbox needs rights that containers do not have.
    chromiumSandbox: false,
    args: [...FLAGS, ...microphone],
    // Playwright would mute the page, and allow sound without a click.
    ignoreDefaultArgs: ['--mute-audio'],
  });
}

/** What the page says went wrong; a test ends with none. */
export interface OpenPage {
  readonly page: Page;
  readonly errors: readonly string[];
}

/** The studio in a new page. */
export async function openPage(browser: Browser, url: string): Promise<OpenPage> {
  const errors: string[] = [];
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  await page.waitForSelector('.state-listening');
  return { page, errors };
}

/** The words of the newest response in the list, heard and not heard. */
export async function lastWords(page: Page): Promise<{ heard: string; unheard: string }> {
  const card = page.locator('.card').last();
  return {
    heard: (await card.locator('.is-heard').textContent()) ?? '',
    unheard: (await card.locator('.is-unheard').textContent()) ?? '',
  };
}
