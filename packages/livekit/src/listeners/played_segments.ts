import { type AgentMs, addMs, laterOf, samplesToMs } from '@oncue/core';

/** Audio of one response at a LiveKit output, as far as its reports are concerned. */
export interface PlayedSegment {
  /** When the output got its first audio, or was about to. It cannot have sounded before. Agent clock. */
  readonly sinceMs: AgentMs;
  readonly startedAtMs: AgentMs | undefined;
  readonly sentSamples: number;
  /** The output was asked to clear it. */
  readonly isCleared: boolean;
  /** Its response has ended for the timeline, with or without a report. */
  readonly isOver: boolean;
}

/** A listener's report may not state a wider bound, ms. */
const MAX_BOUND_MS = 10_000;

/** Clocks and timers differ by so much, ms. */
const TOLERANCE_MS = 100;

/** What an output says of the end of a segment. */
interface ReportedEnd {
  readonly playedSamples: number;
  readonly interrupted: boolean;
  readonly nowMs: AgentMs;
}

/**
 * Which segment a reported start is about: an output reports in order, so it is the first that has not started, unless that
 * was given up because its report never came. `segments`: those that the output got, in order.
 */
export function segmentThatStarted<S extends PlayedSegment>(segments: readonly S[]): S | undefined {
  const unstarted = segments.filter(({ startedAtMs }) => startedAtMs === undefined);
  return unstarted.find(({ isOver }) => !isOver) ?? unstarted.at(-1);
}

/**
 * Which segment a reported end is about. First come those that it fits: a cleared one for an interruption, else one of this
 * length, since an output that is late may end one that was given up. Of these it is the one that plays. An output may
 * report no starts: then it is the first that was not given up and can have been played for so long.
 */
export function segmentThatEnded<S extends PlayedSegment>(
  segments: readonly S[],
  { playedSamples, interrupted, nowMs }: ReportedEnd,
  sampleRateHz: number,
): S | undefined {
  const fits = ({ isCleared, sentSamples }: S): boolean =>
    isCleared === interrupted &&
    (interrupted ||
      samplesToMs(Math.abs(sentSamples - playedSamples), sampleRateHz) <= TOLERANCE_MS);
  const canHave = ({ sinceMs }: S): boolean =>
    addMs(sinceMs, samplesToMs(playedSamples, sampleRateHz) - TOLERANCE_MS) <= nowMs;
  const fitting = segments.filter(fits);
  const candidates = fitting.length > 0 ? fitting : segments;
  const started = candidates.filter(({ startedAtMs }) => startedAtMs !== undefined);
  return (
    started.find(({ isOver }) => !isOver) ??
    started[0] ??
    candidates.find((one) => !one.isOver && canHave(one)) ??
    candidates[0]
  );
}

/**
 * When a segment started whose end was reported, and no start: if it was played without a gap, as long before the end as it
 * was played; if not, earlier. The bound reaches back to when the output got it [AU17].
 */
export function startBefore(
  endedAtMs: AgentMs,
  { playedMs, sinceMs }: { readonly playedMs: number; readonly sinceMs: AgentMs },
  errorBoundMs: number,
): { readonly startedAtMs: AgentMs; readonly errorBoundMs: number } {
  const startedAtMs = laterOf(sinceMs, addMs(endedAtMs, -playedMs));
  return {
    startedAtMs,
    errorBoundMs: Math.max(
      errorBoundMs,
      Math.min(MAX_BOUND_MS, errorBoundMs + startedAtMs - sinceMs),
    ),
  };
}
