import type { TimelineOptions } from '../options.ts';

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
  return estimatedPath(options.estimateDelayMs, options.estimateErrorBoundMs);
}

/** A path of which nothing was measured at the ear. */
export function estimatedPath(delayMs: number, errorBoundMs: number): PathDelay {
  return { delayMs, errorBoundMs, observedMs: [] };
}

/** Learns from one measured start: the delay is the median of the last observations, the bound covers them all. */
export function observeDelay(
  path: PathDelay,
  observedMs: number,
  evidenceBoundMs: number,
): PathDelay {
  const kept = [...path.observedMs, observedMs].slice(-OBSERVATIONS_KEPT);
  const delayMs = medianOf(kept);
  const spread = Math.max(...kept.map((delay) => Math.abs(delay - delayMs)));
  return {
    delayMs,
    errorBoundMs: Math.max(MIN_ERROR_BOUND_MS, spread + evidenceBoundMs),
    observedMs: kept,
  };
}

/**
 * Follows the delay through a response. A jitter buffer keeps what it has moved to, so the sample heard last tells the
 * next start better than the last starts do; one that lies too far off tells of a listener that stood still.
 */
export function followDelay(path: PathDelay, delayMs: number, withinMs: number): PathDelay {
  if (path.observedMs.length === 0) return path;
  return Math.abs(delayMs - medianOf(path.observedMs)) > withinMs ? path : { ...path, delayMs };
}

function medianOf(delaysMs: readonly number[]): number {
  const sorted = [...delaysMs].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
