import type { Page } from 'playwright-core';

const ROUND_TRIPS = 200;

/** How far the page's wall clock and that of this process are apart. */
export interface ClockCheck {
  readonly offsetMs: number;
  /** Half the shortest round trip. The true offset is within it. */
  readonly boundMs: number;
}

/** By round trips through the browser's debugging connection. */
export async function checkClock(page: Page): Promise<ClockCheck> {
  let best: ClockCheck = { offsetMs: Number.NaN, boundMs: Number.POSITIVE_INFINITY };
  for (let trip = 0; trip < ROUND_TRIPS; trip += 1) {
    const sentAtMs = performance.timeOrigin + performance.now();
    const pageAtMs = await page.evaluate<number>('benchRecorder.nowEpochMs()');
    const backAtMs = performance.timeOrigin + performance.now();
    const boundMs = (backAtMs - sentAtMs) / 2;
    if (boundMs < best.boundMs) best = { offsetMs: pageAtMs - (sentAtMs + boundMs), boundMs };
  }
  return best;
}
