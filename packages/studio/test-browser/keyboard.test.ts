import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { studioInChromium } from './support/studio_in_chromium.ts';

/** More than the page has places to stop at. */
const MOST_TABS = 60;
const SOON = { timeout: 30_000 };
const GONE = { state: 'hidden', timeout: 30_000 } as const;
const TIMEOUT_MS = 120_000;

const folder = mkdtempSync(path.join(os.tmpdir(), 'oncue-keyboard-'));
const openStudio = studioInChromium();

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Goes to a control as somebody does who has only a keyboard. It must show that it has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    await page.keyboard.press('Tab');
    const isThere = `document.activeElement?.matches(${JSON.stringify(selector)})`;
    if (!(await page.evaluate<boolean>(isThere))) continue;
    const outline = 'getComputedStyle(document.activeElement).outlineStyle';
    expect(await page.evaluate<string>(outline), `${selector} shows no focus`).not.toBe('none');
    return;
  }
  throw new Error(`Tab never comes to ${selector}`);
}

async function pressOn(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
}

const focused = (page: Page): Promise<string> =>
  page.evaluate<string>('document.activeElement?.textContent ?? ""');

describe('the page with a keyboard alone (ST)', () => {
  it(
    '[ST25] to listen, ask, mute, interrupt, read the numbers and speak',
    async () => {
      const { page, errors } = await openStudio();

      await pressOn(page, 'button.listen');
      await page.waitForSelector('button.listen.on');
      await page.keyboard.press('/');
      await page.keyboard.type('Is anyone there? Say u, m or l.');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.card.heard', SOON);
      await tabTo(page, '#ask + button, button.stop');
      await page.keyboard.press('4');
      await page.locator('.card.playing .is-heard', { hasText: 'Once' }).waitFor(SOON);
      await page.keyboard.press('u');
      await page.waitForSelector('button.mute.on');
      await page.keyboard.press('u');
      await page.waitForSelector('button.mute:not(.on)');
      await page.keyboard.press('Escape');
      await page.waitForSelector('.card.cut', SOON);

      await pressOn(page, '.card-head');
      await page.waitForSelector('.card-head[aria-expanded=true]');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.card-head[aria-expanded=true]', GONE);

      await page.keyboard.press('m');
      await page.waitForSelector('button.mic.on');
      await pressOn(page, '.hint button');
      await page.waitForSelector('.hint', GONE);
      await page.keyboard.press('m');
      await page.waitForSelector('button.mic:not(.on)');
      await page.keyboard.press('l');
      await page.waitForSelector('button.listen:not(.on)');
      expect(errors).toEqual([]);
      await page.context().close();
    },
    TIMEOUT_MS,
  );

  it(
    '[ST25] to move in the trace, save it, open one, and set up the page',
    async () => {
      const { page, errors } = await openStudio();
      // From the beginning: Playwright takes the file chooser only some time after the first listener is there.
      page.on('filechooser', () => {});
      await page.keyboard.press('5');
      await page.waitForSelector('.card.heard', SOON);

      for (const name of ['.parts', '.keys']) {
        await pressOn(page, `${name} summary`);
        await page.waitForSelector(`${name} .popover`);
        await page.keyboard.press('Escape');
        await page.waitForSelector(`${name} .popover`, GONE);
      }
      expect(await focused(page)).toContain('Keyboard shortcuts');

      const theme = 'document.documentElement.dataset.theme';
      const before = await page.evaluate<string>(theme);
      await page.keyboard.press('d');
      expect(await page.evaluate<string>(theme)).not.toBe(before);

      // Of the axis: a wide response may leave the drawing when it is zoomed.
      const second = (): Promise<number> =>
        page.evaluate<number>(
          '((ticks) => ticks[1].x1.baseVal.value - ticks[0].x1.baseVal.value)(document.querySelectorAll(".tick line"))',
        );
      const narrow = await second();
      await pressOn(page, '[aria-label="Zoom in"]');
      await expect.poll(second, SOON).toBeGreaterThan(narrow * 1.2);

      await tabTo(page, 'input[type=range]');
      await page.keyboard.press('Home');
      await page.waitForSelector('.conversation .nothing');
      for (let step = 0; step < 30 && (await page.locator('.card').count()) === 0; step += 1)
        await page.keyboard.press('.');
      await page.waitForSelector('.card');
      // From the beginning: a replay that is over is not a replay that can be paused.
      await page.keyboard.press('Home');
      await pressOn(page, '[aria-label="Replay"]');
      await page.waitForSelector('[aria-label="Pause the replay"]');
      await page.keyboard.press('.');
      await page.waitForSelector('[aria-label="Replay"]');
      await page.keyboard.press('f');
      await page.waitForSelector('.live-button.on');

      const download = page.waitForEvent('download');
      await page.keyboard.press('s');
      const saved = path.join(folder, 'saved.trace.jsonl.gz');
      await (await download).saveAs(saved);
      await open(page, saved);
      await page.waitForSelector('.file-bar');
      await pressOn(page, '.file-bar button');
      await page.waitForSelector('.file-bar', GONE);

      const notes = path.join(folder, 'notes.txt');
      writeFileSync(notes, 'milk\n');
      await open(page, notes);
      await page.waitForSelector('.notice');
      await pressOn(page, '.notice button');
      await page.waitForSelector('.notice', GONE);
      expect(errors).toEqual([]);
      await page.context().close();
    },
    TIMEOUT_MS,
  );
});

async function open(page: Page, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('o');
  await (await chooser).setFiles(file);
}
