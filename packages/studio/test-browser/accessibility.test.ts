import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StudioProcess } from '../../../tests/support/studio_process.ts';
import { FAKE_REFUSAL, FakeOpenAi } from '../test-live/support/fake_openai.ts';
import { findingsOf, showTheme, THEMES } from './support/axe_findings.ts';
import { studioInChromium } from './support/studio_in_chromium.ts';

const SOON = { timeout: 30_000 };

const openStudio = studioInChromium();

/** In the page: the contrast of the text of an element with the color of another one, which lies behind it. */
const CONTRAST = `((text, ground) => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d');
  const luminance = (selector) => {
    canvas.fillStyle = getComputedStyle(document.querySelector(selector)).fill;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((one) =>
      one <= 10 ? one / 3294.6 : ((one / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark, light] = [luminance(text), luminance(ground)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
})`;

describe('accessibility of the page (ST)', () => {
  it('[ST21] the words on the hatching of the time axis, which axe does not see, have enough contrast', async () => {
    const { page } = await openStudio();
    await page.waitForSelector('.inaudible text');
    await page.keyboard.press('4');
    await page.waitForSelector('.words:not(.over) .is-unheard', { timeout: 30_000 });
    await page.keyboard.press('u');
    await page.waitForSelector('.inaudible text');

    for (const theme of THEMES) {
      await showTheme(page, theme);
      for (const text of ['.inaudible text', '.words:not(.over) .is-unheard'])
        for (const ground of ['.hatch', '.hatch-ground'])
          expect(
            await page.evaluate<number>(`${CONTRAST}('${text}', '${ground}')`),
            `${theme}: ${text} on ${ground}`,
          ).toBeGreaterThanOrEqual(4.5);
    }
    await page.context().close();
  }, 120_000);

  it('[ST21] axe finds nothing serious: nothing said yet, a popover open', async () => {
    const { page } = await openStudio();
    await page.locator('.parts summary').first().click();

    expect(await findingsOf(page)).toEqual([]);
    await page.context().close();
  }, 120_000);

  it('[ST21] axe finds nothing serious: heard, skipped, failed and cut responses', async () => {
    const { page } = await openStudio();
    await page.keyboard.press('5');
    await page.waitForSelector('.card.heard', { timeout: 30_000 });
    await page.keyboard.press('6');
    await page.waitForSelector('.part-failed', { timeout: 30_000 });
    await page.keyboard.press('4');
    await page.locator('.card.playing .is-heard', { hasText: 'Once' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.card.cut .outcome', { hasText: 'cut by you' }).waitFor();
    await page.locator('.card-head').last().click();

    expect(await findingsOf(page)).toEqual([]);

    await page.setViewportSize({ width: 1440, height: 900 });
    const download = page.waitForEvent('download');
    await page.keyboard.press('s');
    await page.setInputFiles('input[type=file]', await (await download).path());
    await page.waitForSelector('.file-bar');
    expect(await findingsOf(page), 'a trace that was opened').toEqual([]);
    await page.keyboard.press('?');
    expect(await findingsOf(page)).toEqual([]);
    await page.context().close();
  }, 120_000);

  it('[ST21] axe finds nothing serious: the page is muted, nobody is there', async () => {
    const { page } = await openStudio();
    await page.keyboard.press('4');
    await page.locator('.card.playing .is-heard', { hasText: 'Once' }).waitFor(SOON);
    await page.keyboard.press('u');
    await page.locator('.header .chip', { hasText: 'speaking, muted' }).waitFor(SOON);
    expect(await findingsOf(page)).toEqual([]);

    await page.keyboard.press('u');
    await page.keyboard.press('l');
    await page.locator('.inaudible text', { hasText: 'nobody listens' }).waitFor(SOON);
    expect(await findingsOf(page)).toEqual([]);
    await page.context().close();
  }, 120_000);

  it('[ST21] axe finds nothing serious: a server that costs money, a key that it refuses, thinking', async () => {
    const server = await FakeOpenAi.start();
    onTestFinished(() => server.close());
    const env = { OPENAI_BASE_URL: server.url, ONCUE_STUDIO_OPENAI: 'llm' };
    const studio = await StudioProcess.start(undefined, env);
    onTestFinished(() => studio.close());
    const { page } = await openStudio(studio.url);
    await page.waitForSelector('.server-notice');
    server.refusing.add('chat/completions');
    await ask(page);
    await page.locator('.part-failed', { hasText: FAKE_REFUSAL }).waitFor(SOON);
    server.refusing.clear();
    server.silent.add('chat/completions');
    await ask(page);
    await page.waitForSelector('.header .state-thinking', SOON);

    expect(await findingsOf(page)).toEqual([]);
    expect(await page.locator('.header .state-thinking').count(), 'it still thinks').toBe(1);
    await page.context().close();
  }, 120_000);
});

async function ask(page: Page): Promise<void> {
  await page.locator('#ask').fill('When does it open?');
  await page.keyboard.press('Enter');
}
