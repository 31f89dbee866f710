import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { studioInChromium } from './support/studio_in_chromium.ts';

const WIDTHS = [1440, 768, 390] as const;
const THEMES = ['light', 'dark'] as const;

/** What axe found, as far as it matters here. */
interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const openStudio = studioInChromium();

/** The serious and critical findings of axe, each with the element, in every theme and width. */
async function findingsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axe.source);
  for (const theme of THEMES) {
    const isNow = await page.evaluate<string>('document.documentElement.dataset.theme');
    if (isNow !== theme) await page.click('[data-action=theme]');
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const violations = await page.evaluate<Finding[]>(
        'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
      );
      found.push(...violations.flatMap(seriousOnes).map((text) => `${theme} ${width} ${text}`));
    }
  }
  return found;
}

function seriousOnes({ id, impact, nodes }: Finding): string[] {
  if (impact !== 'serious' && impact !== 'critical') return [];
  return nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`);
}

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
      const isNow = await page.evaluate<string>('document.documentElement.dataset.theme');
      if (isNow !== theme) await page.click('[data-action=theme]');
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
    await page.waitForSelector('.card.cut');
    await page.locator('.card-head').last().click();

    expect(await findingsOf(page)).toEqual([]);

    await page.setViewportSize({ width: 1440, height: 900 });
    const download = page.waitForEvent('download');
    await page.keyboard.press('s');
    await page.setInputFiles('input[type=file]', await (await download).path());
    await page.waitForSelector('.file-bar');
    await page.keyboard.press('?');
    expect(await findingsOf(page)).toEqual([]);
    await page.context().close();
  }, 120_000);
});
