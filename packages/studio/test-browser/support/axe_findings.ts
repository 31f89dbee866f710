import axe from 'axe-core';
import type { Page } from 'playwright-core';

const WIDTHS = [1440, 768, 390] as const;
export const THEMES = ['light', 'dark'] as const;

/** What axe found, as far as it matters here. */
interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** The serious and critical findings of axe, each with the element, in every theme and width. */
export async function findingsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axe.source);
  for (const theme of THEMES) {
    await showTheme(page, theme);
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

/** Changes the theme by its button, unless the page shows it already. */
export async function showTheme(page: Page, theme: (typeof THEMES)[number]): Promise<void> {
  const isNow = await page.evaluate<string>('document.documentElement.dataset.theme');
  if (isNow !== theme) await page.click('[data-action=theme]');
}

function seriousOnes({ id, impact, nodes }: Finding): string[] {
  if (impact !== 'serious' && impact !== 'critical') return [];
  return nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`);
}
