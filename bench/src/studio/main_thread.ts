import type { CDPSession, Page } from 'playwright-core';

/** How much of its time the page's main thread was busy, in percent, as the browser counts. */
export interface MainThread {
  readonly busyPercent: number;
  readonly scriptPercent: number;
  /** Style and layout; painting is neither. */
  readonly layoutPercent: number;
}

/** Counts from now on. @returns A function that gives the counts so far. */
export async function watchMainThread(page: Page): Promise<() => Promise<MainThread>> {
  const browser = await page.context().newCDPSession(page);
  await browser.send('Performance.enable');
  const before = await metricsOf(browser);
  return async () => {
    const after = await metricsOf(browser);
    const grown = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    const percent = (seconds: number): number => (100 * seconds) / grown('Timestamp');
    return {
      busyPercent: percent(grown('TaskDuration')),
      scriptPercent: percent(grown('ScriptDuration')),
      layoutPercent: percent(grown('LayoutDuration') + grown('RecalcStyleDuration')),
    };
  };
}

async function metricsOf(browser: CDPSession): Promise<Map<string, number>> {
  const { metrics } = await browser.send('Performance.getMetrics');
  return new Map(metrics.map(({ name, value }) => [name, value]));
}
