import type { TimelineOptions } from '../../options.ts';

/** The delay from the agent's queue to this listener's ear, as far as it is known. */
export interface PathDelay {
  readonly delayMs: number;
  readonly errorBoundMs: number;
  /** The latest measured delays, oldest first; empty while `delayMs` is a default. */
  readonly observedMs: readonly number[];
  /** By so much the only one of them may be off, ms: its response may have waited for the listener. 0: none of them did. */
  readonly doubtMs: number;
  /** What counts while nothing was measured. */
  readonly estimated: { readonly delayMs: number; readonly errorBoundMs: number };
}

/** With five observations an outlier cannot move the median, and a lasting change does within three responses. */
const OBSERVATIONS_KEPT = 5;

/** The bound is never smaller than this, since an event loop stamps the send instants. */
const MIN_ERROR_BOUND_MS = 5;

/** The path before any start was measured. */
export function unknownPath(options: TimelineOptions): PathDelay {
  return estimatedPath(options.estimateDelayMs, options.estimateErrorBoundMs);
}

/** A path for which no start was measured. */
function estimatedPath(delayMs: number, errorBoundMs: number): PathDelay {
  const estimated = { delayMs, errorBoundMs };
  return { delayMs, errorBoundMs, observedMs: [], doubtMs: 0, estimated };
}

/** The path to another listener than the one that was measured [LW10]. */
export function forgottenPath({ estimated }: PathDelay): PathDelay {
  return estimatedPath(estimated.delayMs, estimated.errorBoundMs);
}

/** What the transport says of a path. What was measured at an ear is better, and stays. */
export function withEstimate(path: PathDelay, delayMs: number, errorBoundMs: number): PathDelay {
  if (path.observedMs.length === 0) return estimatedPath(delayMs, errorBoundMs);
  return { ...path, estimated: { delayMs, errorBoundMs } };
}

/** One measured start. */
export interface ObservedDelay {
  readonly delayMs: number;
  /** How exactly the start is known, ms. */
  readonly errorBoundMs: number;
  /** By so much it may be off since the response may have waited for the listener, ms; 0: it did not wait. */
  readonly doubtMs: number;
}

/**
 * Adds one measured start. The delay is the median of the last observations, and the bound covers them all. One that may hold a
 * wait counts only until there is one that holds none [LW10].
 */
export function observeDelay(
  path: PathDelay,
  { delayMs: observedMs, errorBoundMs, doubtMs }: ObservedDelay,
): PathDelay {
  const isClean = path.doubtMs === 0;
  if (doubtMs > 0 && isClean && path.observedMs.length > 0) return path;
  const before = doubtMs === 0 && isClean ? path.observedMs : [];
  const kept = [...before, observedMs].slice(-OBSERVATIONS_KEPT);
  const delayMs = medianOf(kept);
  const spread = Math.max(...kept.map((delay) => Math.abs(delay - delayMs)));
  return {
    delayMs,
    errorBoundMs: Math.max(MIN_ERROR_BOUND_MS, spread + errorBoundMs + doubtMs),
    observedMs: kept,
    doubtMs,
    estimated: path.estimated,
  };
}

/**
 * Follows the delay inside a response. A jitter buffer keeps a delay that it has moved to, so the sample heard last
 * predicts the next start better than earlier starts do. A delay that is too far off means that the listener stalled.
 */
export function followDelay(path: PathDelay, delayMs: number, withinMs: number): PathDelay {
  if (path.observedMs.length === 0) return path;
  return Math.abs(delayMs - medianOf(path.observedMs)) > withinMs ? path : { ...path, delayMs };
}

function medianOf(delaysMs: readonly number[]): number {
  const sorted = [...delaysMs].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
