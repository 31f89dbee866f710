import type { Playhead } from '@oncue/core/wire';

/** Milliseconds on this page's monotonic clock, `performance.now()`. */
export type PageMs = Playhead['startedAtMs'];

/** The current instant, in the page. Its worker uses `pageClock`; nothing else in this package reads a clock. */
export function nowMs(): PageMs {
  return performance.now() as PageMs;
}

/**
 * Reads the page's clock in a worker, whose own clock began later.
 *
 * @param pageOriginMs `performance.timeOrigin` of the page.
 */
export function pageClock(pageOriginMs: number): () => PageMs {
  const beganLaterMs = performance.timeOrigin - pageOriginMs;
  return () => (performance.now() + beganLaterMs) as PageMs;
}
