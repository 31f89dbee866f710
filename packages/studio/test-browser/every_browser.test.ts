// Studio in Chromium, Firefox and WebKit: that it works there at all. The other tests of what it shows run in Chromium only.
import { initializeLogger } from '@livekit/agents';
import { browserKind, type TestBrowser, type TestPage } from '@oncue/testbed';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StudioProcess } from '../../../tests/support/studio_process.ts';

/** To start a studio and a browser, and to hear an answer, on a busy machine. */
const TIMEOUT_MS = 120_000;

let studio: StudioProcess | undefined;
let browser: TestBrowser | undefined;

initializeLogger({ pretty: false, level: 'silent' });
beforeEach((context) => browserKind.needs(context));

// Also after an attempt that failed: the next one starts its own.
afterEach(async () => {
  await browser?.close();
  await studio?.close();
});

/** Not `waitForFunction`: in Firefox it runs as a string in the page, which Studio's content policy forbids. */
async function until(page: TestPage, expression: string): Promise<void> {
  await vi.waitFor(async () => expect(await page.evaluate(expression)).toBe(true), 30_000);
}

it(
  '[ST10] Studio asks, the answer is heard to its end, and its task runs',
  async () => {
    studio = await StudioProcess.start();
    browser = await browserKind.launch();
    if (!browser) throw new TypeError('no browser');
    const page = await browser.newPage();
    await page.goto(studio.url);
    await until(page, `document.querySelector('.header .state-listening') !== null`);

    await page.evaluate(`(() => {
      const field = document.querySelector('#ask');
      field.value = 'Is anyone there?';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    })()`);
    // The page draws what was typed first.
    await page.evaluate(`document.querySelector('#ask').form.requestSubmit()`);
    const finished = await studio.fact(({ type }) => type === 'response_playback_finished');
    await until(page, `document.querySelector('.card.heard') !== null`);

    expect(finished).toMatchObject({ evidence: 'device', outcome: 'heard' });
    const words = `[...document.querySelectorAll('.card.heard .is-heard')].map((word) => word.textContent)`;
    expect((await page.evaluate<string[]>(words)).join('')).toBe(
      'Yes, I am here, and only what you heard has counted.',
    );
    await until(page, `document.querySelectorAll('.task.finished').length === 1`);
  },
  TIMEOUT_MS,
);
