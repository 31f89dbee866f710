import type { Playhead } from '@oncue/core/wire';

/** Milliseconds on this page's monotonic clock. */
export type PageMs = Playhead['startedAtMs'];

/** The instant now. The only place in this package that reads the page's clock. */
export function nowMs(): PageMs {
  return performance.now() as PageMs;
}
