import { launchChromium } from '@oncue/testbed';
import type { Browser, Page } from 'playwright-core';

/** Launches a browser that needs a click before sound. `speech`: a WAV file that its microphone plays once. */
export function launch(speech?: string): Promise<Browser> {
  return launchChromium([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    ...(speech === undefined ? [] : [`--use-file-for-fake-audio-capture=${speech}%noloop`]),
  ]);
}

/** A page and its errors; a test ends with none. */
export interface OpenPage {
  readonly page: Page;
  readonly errors: readonly string[];
}

/** Opens the studio in a new page. */
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

/** The heard and the unheard words of the last response in the list. Words that follow each other alike are one part. */
export async function lastWords(page: Page): Promise<{ heard: string; unheard: string }> {
  const card = page.locator('.card').last();
  const wordsOf = async (name: string): Promise<string> =>
    (await card.locator(name).allTextContents()).join('');
  return { heard: await wordsOf('.is-heard'), unheard: await wordsOf('.is-unheard') };
}
