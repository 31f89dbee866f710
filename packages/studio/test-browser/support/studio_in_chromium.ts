import { initializeLogger } from '@livekit/agents';
import { needsChromium } from '@oncue/testbed';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { StudioProcess } from '../../../../tests/support/studio_process.ts';
import { launch, type OpenPage, openPage } from './studio_page.ts';

/** To start a studio and a browser on a busy machine. */
const START_TIMEOUT_MS = 120_000;

/**
 * Starts one studio and one browser for all tests of a file, and closes them after the last one.
 *
 * @returns A function that opens this studio in a new page, or another one by its address.
 */
export function studioInChromium(): (url?: string) => Promise<OpenPage> {
  let studio: StudioProcess | undefined;
  let browser: Browser | undefined;

  initializeLogger({ pretty: false, level: 'silent' });
  beforeEach(needsChromium);

  beforeAll(async () => {
    studio = await StudioProcess.start();
    browser = await launch();
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await browser?.close();
    await studio?.close();
  });

  return (url = studio?.url) => {
    if (url === undefined || !browser)
      throw new Error('the studio is started before the first test');
    return openPage(browser, url);
  };
}
