import type { Inaudible, InaudibleSpan } from '../events.ts';
import { type AgentMs, samplesToMs } from '../units.ts';

/** A time in which nobody could hear. `toMs` is `undefined` while it lasts. Agent clock. */
export interface InaudibleTime {
  readonly why: Inaudible;
  readonly fromMs: AgentMs;
  readonly toMs: AgentMs | undefined;
  /** By how much `toMs` may be off. */
  readonly toErrorBoundMs?: number;
}

/** Samples of a response that sounded while nobody could hear: from the first up to, and without, the last. */
export interface SampleSpan {
  readonly why: Inaudible;
  readonly fromSamples: number;
  readonly toSamples: number;
}

/** Samples that sounded one after the other, and when. */
export interface Run {
  readonly fromSamples: number;
  readonly toSamples: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Why nobody could hear at an instant; `undefined` if somebody could. */
export function inaudibleAt(times: readonly InaudibleTime[], atMs: number): Inaudible | undefined {
  return inaudibleTimeAt(times, atMs)?.why;
}

/** The time in which nobody could hear that holds an instant. */
export function inaudibleTimeAt(
  times: readonly InaudibleTime[],
  atMs: number,
): InaudibleTime | undefined {
  return times.find(({ fromMs, toMs }) => fromMs <= atMs && (toMs === undefined || atMs < toMs));
}

/** What of a run nobody could hear. A sample that sounded in part in such a time is not heard. */
export function inaudibleOf(times: readonly InaudibleTime[], run: Run): readonly SampleSpan[] {
  const samples = run.toSamples - run.fromSamples;
  const lengthMs = run.toMs - run.fromMs;
  const sampleAt = (atMs: number): number => {
    if (atMs >= run.toMs) return run.toSamples;
    return run.fromSamples + (Math.max(0, atMs - run.fromMs) / lengthMs) * samples;
  };
  return times.flatMap(({ why, fromMs, toMs = Number.POSITIVE_INFINITY }) => {
    if (samples <= 0 || fromMs > run.toMs || toMs <= run.fromMs) return [];
    // All at once: it is there as a whole or not at all.
    if (lengthMs <= 0) return [{ why, fromSamples: run.fromSamples, toSamples: run.toSamples }];
    const fromSamples = Math.floor(sampleAt(fromMs));
    const toSamples = Math.ceil(sampleAt(toMs));
    return toSamples > fromSamples ? [{ why, fromSamples, toSamples }] : [];
  });
}

/** Runs kept of a response: of a page that reports every 50 ms those of the last 1.6 s. Of older ones only the ends are kept. */
const RUNS_KEPT = 32;

/** Adds what sounded since the runs there are. */
export function withSounded(runs: readonly Run[], run: Run): readonly Run[] {
  const [first, second, ...rest] = runs;
  if (!first || !second || runs.length < RUNS_KEPT) return [...runs, run];
  return [{ ...first, toSamples: second.toSamples, toMs: second.toMs }, ...rest, run];
}

/** The first sample that sounds after an instant, and when it does. */
export function soundsAfter(
  runs: readonly Run[],
  atMs: number,
): { readonly sample: number; readonly fromMs: number } | undefined {
  const run = runs.find(({ toMs }) => toMs > atMs);
  if (!run) return undefined;
  const { fromSamples, toSamples, fromMs, toMs } = run;
  if (atMs <= fromMs) return { sample: fromSamples, fromMs };
  const share = (atMs - fromMs) / (toMs - fromMs);
  return { sample: Math.floor(fromSamples + share * (toSamples - fromSamples)), fromMs: atMs };
}

/** Adds spans that come after those there are, and joins what lies next to each other for the same reason. */
export function joinSpans(
  spans: readonly SampleSpan[],
  added: readonly SampleSpan[],
): readonly SampleSpan[] {
  if (added.length === 0) return spans;
  const joined = [...spans];
  for (const span of added) {
    const last = joined.at(-1);
    const fromSamples = Math.max(span.fromSamples, last?.toSamples ?? 0);
    if (span.toSamples <= fromSamples) continue;
    if (last?.why === span.why && last.toSamples === fromSamples)
      joined[joined.length - 1] = { ...last, toSamples: span.toSamples };
    else joined.push({ ...span, fromSamples });
  }
  return joined;
}

/** What is left of spans before a sample. */
export function spansUntil(spans: readonly SampleSpan[], samples: number): readonly SampleSpan[] {
  return spans.flatMap((span) =>
    span.fromSamples >= samples ? [] : [{ ...span, toSamples: Math.min(span.toSamples, samples) }],
  );
}

/** How many of the first `samples` somebody could hear. */
export function audibleSamples(samples: number, spans: readonly SampleSpan[]): number {
  return spansUntil(spans, samples).reduce(
    (sum, { fromSamples, toSamples }) => sum - (toSamples - fromSamples),
    samples,
  );
}

/** The first sample that somebody could hear, if it has sounded. */
export function firstAudibleSample(spans: readonly SampleSpan[]): number {
  return spans.reduce(
    (first, { fromSamples, toSamples }) => (fromSamples <= first ? toSamples : first),
    0,
  );
}

/** The spans as events state them. */
export function spansInMs(
  spans: readonly SampleSpan[],
  sampleRateHz: number,
): readonly InaudibleSpan[] {
  return spans.map(({ why, fromSamples, toSamples }) => ({
    why,
    fromMs: samplesToMs(fromSamples, sampleRateHz),
    toMs: samplesToMs(toSamples, sampleRateHz),
  }));
}
