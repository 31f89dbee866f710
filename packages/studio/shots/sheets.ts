import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';

/** The pictures of one state on two sheets: the wide ones below each other, the narrow ones side by side. */
const SHEETS = [
  { name: 'wide', widths: [1440], columns: 1 },
  { name: 'narrow', widths: [768, 390], columns: 4 },
] as const;

/**
 * Puts the pictures of a state onto two sheets, `sheet_<state>_wide.png` and `sheet_<state>_narrow.png`, in the same
 * folder: two files to look at, not six.
 */
export async function writeSheets(browser: Browser, folder: string, state: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 2400, height: 900 } });
  try {
    for (const { name, widths, columns } of SHEETS) {
      const pictures = widths.flatMap((width) =>
        ['light', 'dark'].map((theme) => dataAddress(folder, `${state}_${theme}_${width}.png`)),
      );
      await page.setContent(sheetOf(pictures, columns));
      await page.waitForFunction('[...document.images].every((image) => image.complete)');
      const file = path.join(folder, `sheet_${state}_${name}.png`);
      await page.locator('main').screenshot({ path: file });
    }
  } finally {
    await page.close();
  }
}

function sheetOf(pictures: readonly string[], columns: number): string {
  const style = `display: inline-grid; gap: 8px; background: #888; align-items: start;
    grid-template-columns: repeat(${columns}, max-content)`;
  const images = pictures.map((address) => `<img src="${address}" style="display: block">`);
  return `<body style="margin: 0"><main style="${style}">${images.join('')}</main></body>`;
}

function dataAddress(folder: string, name: string): string {
  return `data:image/png;base64,${readFileSync(path.join(folder, name)).toString('base64')}`;
}
