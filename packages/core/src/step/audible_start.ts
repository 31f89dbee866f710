import type { Evidence, HeardInstant } from '../events.ts';
import { type AgentMs, addMs } from '../units.ts';
import type { InaudibleTime } from './inaudible_spans.ts';
import type { TimelineState, UncertainInstant } from './state/state.ts';

/** Whether somebody could hear a start, and how exactly that is known. */

/** If the positions of two reports are at most so far apart in time, ms, what lies between them was heard, whatever became of the listener's answers. */
export const UNBROKEN_MS = 3000;

/**
 * Whether somebody hears the first sample. An estimate may be early by its bound, so he must hear for that long. Of a mute just after
 * a measured start it must be certain that it came after it.
 */
export function isAudibleStart(
  state: TimelineState,
  { startedAtMs, evidence, errorBoundMs }: HeardInstant,
): boolean {
  const times = timesFor(state, evidence, 0);
  if (evidence !== 'estimate')
    return !times.some(
      ({ fromMs, fromErrorBoundMs = 0, toMs }) =>
        startedAtMs >= fromMs - fromErrorBoundMs && (toMs === undefined || startedAtMs < toMs),
    );
  const untilMs = addMs(startedAtMs, errorBoundMs);
  return !times.some(
    ({ fromMs, toMs }) => fromMs <= untilMs && (toMs === undefined || startedAtMs < toMs),
  );
}

/** By how much a mute between a start and an instant may have come earlier. */
export function muteDoubtMs(
  { inaudibleTimes }: TimelineState,
  { startedAtMs }: HeardInstant,
  untilMs: AgentMs,
): number {
  const mute = inaudibleTimes.find(({ fromMs }) => fromMs > startedAtMs && fromMs <= untilMs);
  return mute?.fromErrorBoundMs ?? 0;
}

/** When somebody could hear again before a start, if that is not known exactly. */
export function unmutedBefore(
  state: TimelineState,
  { startedAtMs, evidence }: HeardInstant,
): UncertainInstant | undefined {
  const { toMs, toErrorBoundMs = 0 } =
    timesFor(state, evidence, 0).findLast(
      ({ toMs, toErrorBoundMs }) => toErrorBoundMs && toMs !== undefined && toMs <= startedAtMs,
    ) ?? {};
  return toMs === undefined ? undefined : { atMs: toMs, errorBoundMs: toErrorBoundMs };
}

/**
 * A start that somebody hears, with the bound of the instant from which he could: it may be the later one of the two, or, if the sound
 * may have begun before that, the start itself [AU5].
 */
export function asAudible(
  start: HeardInstant,
  unmuted: UncertainInstant | undefined,
): HeardInstant {
  if (!unmuted) return start;
  const { startedAtMs, errorBoundMs } = start;
  const sinceMs = startedAtMs - unmuted.atMs;
  const earlierMs = errorBoundMs >= sinceMs ? sinceMs + unmuted.errorBoundMs : 0;
  const leastMs = Math.max(earlierMs, unmuted.errorBoundMs - sinceMs);
  return leastMs <= errorBoundMs ? start : { ...start, errorBoundMs: leastMs };
}

/** A listener that reports what it plays hears it, though it did not answer. Silence bounds only what is assumed [AU4]. */
export function timesFor(
  { inaudibleTimes }: TimelineState,
  evidence: Evidence,
  unreportedMs: number,
): readonly InaudibleTime[] {
  if (evidence === 'estimate' || unreportedMs > UNBROKEN_MS) return inaudibleTimes;
  return inaudibleTimes.filter(({ why }) => why !== 'silent');
}
