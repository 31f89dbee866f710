import { type AgentMs, addMs, earlierOf, laterOf, msToSamples, samplesToMs } from '../../units.ts';
import type { LeaveRun, SentAudio } from '../state/state.ts';

/**
 * When audio left the agent at the earliest. A lower bound, unlike the model of the queue that the estimates use: it
 * takes every break for as short as it can have been, since a claim that this refuses must be impossible.
 */

/** The audio that a response has runs of. */
export type RunsOf = Pick<SentAudio, 'runs' | 'sentSamples' | 'sampleRateHz'>;

/** Runs kept of a response. With more, the bound of those between the first and the latest gets lower. */
const RUNS_KEPT = 64;

/** A transport's queue lets audio out in blocks of this length. */
export const QUEUE_TICK_MS = 10;

/** Sums of fractions: instants that differ by less than this are the same. */
const SAME_INSTANT_MS = 1e-6;

/** The run that holds a sample, counted from 1. */
export function runOf({ runs }: RunsOf, samples: number): LeaveRun | undefined {
  return runs.findLast((run) => run.fromSamples < samples) ?? runs[0];
}

/** When the first `samples` of a response have left at the earliest. */
export function haveLeftAtMs(audio: RunsOf, samples: number): AgentMs | undefined {
  const run = runOf(audio, samples);
  return run && endOf(run, samples, audio.sampleRateHz);
}

/** How many samples of a response can have left by an instant. */
export function leftSamplesBy({ runs, sentSamples, sampleRateHz }: RunsOf, atMs: AgentMs): number {
  const place = runs.findLastIndex((run) => run.leavesAtMs <= atMs);
  const run = runs[place];
  if (!run) return 0;
  const untilSamples = runs[place + 1]?.fromSamples ?? sentSamples;
  const inRun = msToSamples(atMs - run.leavesAtMs, sampleRateHz);
  return Math.min(untilSamples, run.fromSamples + inRun);
}

/** The runs of a response with audio that was sent after `audio`, and leaves from `leavesAtMs` on. */
export function withRun(
  audio: RunsOf | undefined,
  leavesAtMs: AgentMs,
  unbrokenSinceMs: AgentMs,
): readonly LeaveRun[] {
  const run = { fromSamples: audio?.sentSamples ?? 0, leavesAtMs, unbrokenSinceMs };
  if (!audio) return [run];
  const endsAtMs = haveLeftAtMs(audio, audio.sentSamples);
  if (endsAtMs !== undefined && leavesAtMs <= endsAtMs + SAME_INSTANT_MS) return audio.runs;
  const { runs } = audio;
  return [...(runs.length < RUNS_KEPT ? runs : runs.toSpliced(1, 1)), run];
}

/**
 * Moves all that had not left by `fromMs` by `byMs`: to later, or below 0 to earlier. A run that begins at `fromMs` had not
 * left. Of a run that had begun, the place is known to one tick only, so only what surely left later is moved to later.
 */
export function shiftedRuns(audio: RunsOf, fromMs: AgentMs, byMs: number): readonly LeaveRun[] {
  const { runs, sentSamples, sampleRateHz } = audio;
  const splitMs = addMs(fromMs, byMs > 0 ? QUEUE_TICK_MS : -QUEUE_TICK_MS);
  const wholeFromMs = earlierOf(splitMs, addMs(fromMs, -SAME_INSTANT_MS));
  return runs.flatMap((run, place) => {
    if (run.leavesAtMs >= wholeFromMs) return [movedRun(run, byMs)];
    const untilSamples = runs[place + 1]?.fromSamples ?? sentSamples;
    const leftSamples = Math.ceil(((splitMs - run.leavesAtMs) * sampleRateHz) / 1000);
    const fromSamples = run.fromSamples + leftSamples;
    if (fromSamples >= untilSamples) return [run];
    const rest = { ...run, fromSamples, leavesAtMs: endOf(run, fromSamples, sampleRateHz) };
    return [run, movedRun(rest, byMs)];
  });
}

function movedRun(run: LeaveRun, byMs: number): LeaveRun {
  const leavesAtMs = addMs(run.leavesAtMs, byMs);
  return { ...run, leavesAtMs, unbrokenSinceMs: laterOf(run.unbrokenSinceMs, leavesAtMs) };
}

function endOf(run: LeaveRun, samples: number, sampleRateHz: number): AgentMs {
  return addMs(run.leavesAtMs, samplesToMs(samples - run.fromSamples, sampleRateHz));
}
