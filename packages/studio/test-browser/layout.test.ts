import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { studioInChromium } from './support/studio_in_chromium.ts';

const WIDTHS = [1440, 768, 390] as const;
const SOON = { timeout: 30_000 };
const TIMEOUT_MS = 120_000;
/** What is cut off for longer than this is seen. */
const SETTLES_IN_FRAMES = 30;

const openStudio = studioInChromium();

/** What has text of its own, and must show all of it. */
const TEXTS =
  'button, summary, .chip, h1, h2, p, li, dt, dd, small, label, output, .card-head span';

/** In the page: the elements whose text is cut off, and those beyond the window that nobody can scroll to. */
const FIND_CUT = `(() => {
  const scrolls = (one) => one && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
  const cut = [...document.querySelectorAll(${JSON.stringify(TEXTS)})]
    .filter((one) => one.checkVisibility() && one.clientWidth > 1 && !scrolls(one))
    .filter((one) => {
      const hides = getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1;
      const { left, right } = one.getBoundingClientRect();
      return hides || left < -1 || right > innerWidth + 1;
    });
  return [...wide, ...cut.map((one) => one.outerHTML.slice(0, 120))];
})()`;

/** What is cut off at each width. */
async function cutOff(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    // The time axis draws itself for a new width in one of the next frames, and is as wide as before until then.
    let here: string[] = [];
    for (let frame = 0; frame < SETTLES_IN_FRAMES; frame += 1) {
      await page.evaluate('new Promise(requestAnimationFrame)');
      here = await page.evaluate<string[]>(FIND_CUT);
      if (here.length === 0 && frame > 0) break;
    }
    found.push(...here.map((what) => `${width}: ${what}`));
  }
  return found;
}

/** In the page: the label of the time axis at or before the playhead, and the clock under it. */
const CLOCKS = `(() => {
  const xOf = (one) => one.getBoundingClientRect();
  const head = xOf(document.querySelector('.playhead line')).left;
  const before = [...document.querySelectorAll('.tick')]
    .filter((tick) => xOf(tick.querySelector('line')).left <= head + 1);
  const [clock] = document.querySelector('.transport output').textContent.split(' ');
  return { axis: before.at(-1)?.textContent, clock };
})()`;

describe('the layout of the page (ST)', () => {
  it(
    '[ST26] nothing is cut off at any width: nothing said yet, responses, a popover, a notice',
    async () => {
      const { page, errors } = await openStudio();
      expect(await cutOff(page)).toEqual([]);

      await page.keyboard.press('6');
      await page.waitForSelector('.part-failed', SOON);
      await page.waitForSelector('.card.heard', SOON);
      await page.locator('.card-head').last().click();
      expect(await cutOff(page)).toEqual([]);

      const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('milk') };
      await page.setInputFiles('input[type=file]', notes);
      await page.waitForSelector('.notice');
      await page.locator('.parts summary').first().click();
      expect(await cutOff(page)).toEqual([]);
      expect(errors).toEqual([]);
      await page.context().close();
    },
    TIMEOUT_MS,
  );

  it.each(WIDTHS)(
    '[ST26] at %s px the list of keys opens by its button and by its key, and is seen whole',
    async (width) => {
      const { page } = await openStudio();
      await page.setViewportSize({ width, height: 900 });
      const list = page.locator('.keys .popover');
      for (const open of [() => page.click('.keys summary'), () => page.keyboard.press('?')]) {
        await open();
        const box = await list.boundingBox();
        expect(await list.locator('kbd').first().isVisible()).toBe(true);
        expect(box?.x).toBeGreaterThanOrEqual(0);
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
        await page.keyboard.press('Escape');
        await list.waitFor({ state: 'hidden' });
      }
      await page.context().close();
    },
  );

  it('[ST26] a text that is cut off is found', async () => {
    const { page } = await openStudio();
    const style = (selector: string, css: string): Promise<unknown> =>
      page.evaluate(`document.querySelector('${selector}').style.cssText = '${css}'`);
    await style('.listen', 'min-width: 0; max-width: 40px; overflow: hidden');
    expect(await cutOff(page)).toHaveLength(WIDTHS.length);
    await style('.panel', 'min-width: 500px');
    expect(await cutOff(page)).toContain('390: the page scrolls sideways');
    await page.context().close();
  });

  it(
    '[ST27] the clock shows the instant at the playhead, and no state is drawn after it',
    async () => {
      const { page } = await openStudio();
      await page.keyboard.press('5');
      await page.waitForSelector('.card.heard', SOON);
      // The playhead goes on for a moment after the last line of the trace, and stands still then.
      await expect
        .poll(async () => {
          const { axis, clock } = await page.evaluate<{ axis: string; clock: string }>(CLOCKS);
          return `${axis}` === clock ? 'the same' : `axis ${axis}, clock ${clock}`;
        }, SOON)
        .toBe('the same');

      const ends = await page.evaluate<{ states: number; head: number }>(`({
        states: document.querySelector('[data-past]').getBoundingClientRect().right,
        head: document.querySelector('.playhead line').getBoundingClientRect().right,
      })`);
      expect(ends.states).toBeLessThanOrEqual(ends.head + 1);
      const total = await page.locator('.state rect').count();
      expect(total).toBeGreaterThan(1);
      expect(await page.locator('[data-past] .state rect').count()).toBe(total);
      await page.context().close();
    },
    TIMEOUT_MS,
  );
});
