import type { TimelineOptions } from './state.ts';

/** What has been learned of the delay from the agent's queue to this listener's ear. */
export interface PathDelay {
  readonly delayMs: number;
  readonly errorBoundMs: number;
  /** The latest measured delays, oldest first; empty while `delayMs` is a default. */
  readonly observedMs: readonly number[];
}

/** Five observations: an outlier cannot move the median, a lasting change does so within three responses. */
const OBSERVATIONS_KEPT = 5;

/** Never claims better than this, since the send instants themselves are stamped by an event loop. */
const MIN_ERROR_BOUND_MS = 5;

/** The path before anything was measured. */
export function unknownPath(options: TimelineOptions): PathDelay {
  return {
    delayMs: options.estimateDelayMs,
    errorBoundMs: options.estimateErrorBoundMs,
    observedMs: [],
  };
}

/** Learns from one measured start: the delay is the median of the last observations, the bound covers them all. */
export function observeDelay(
  path: PathDelay,
  observedMs: number,
  evidenceBoundMs: number,
): PathDelay {
  const kept = [...path.observedMs, observedMs].slice(-OBSERVATIONS_KEPT);
  const sorted = [...kept].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? observedMs;
  const spread = Math.max(...kept.map((delay) => Math.abs(delay - median)));
  return {
    delayMs: median,
    errorBoundMs: Math.max(MIN_ERROR_BOUND_MS, spread + evidenceBoundMs),
    observedMs: kept,
  };
}
