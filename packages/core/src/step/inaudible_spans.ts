import type { Inaudible, InaudibleSpan } from '../events.ts';
import { type AgentMs, samplesToMs } from '../units.ts';

/** A time in which nobody could hear. `toMs` is `undefined` while it lasts. Agent clock. */
export interface InaudibleTime {
  readonly why: Inaudible;
  readonly fromMs: AgentMs;
  readonly toMs: AgentMs | undefined;
  /** By how much `fromMs` and `toMs` may be off. */
  readonly fromErrorBoundMs?: number;
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
  /**
   * By so much earlier all of it may have sounded, ms. A listener that has played all it had, and stands still, does not say when it
   * played the end.
   */
  readonly earlierMs: number;
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

/**
 * What of a run nobody could hear. A sample that sounded in part in such a time is not heard. Of one that sounded in such a time or
 * earlier it is not known.
 */
export function inaudibleOf(times: readonly InaudibleTime[], run: Run): readonly SampleSpan[] {
  const { fromSamples, toSamples, earlierMs } = run;
  if (toSamples <= fromSamples) return [];
  const spans = times.flatMap(({ why, fromMs, toMs = Number.POSITIVE_INFINITY }) => {
    const isOutside = fromMs > run.toMs || toMs <= run.fromMs - earlierMs;
    if (isOutside) return [];
    // All at once: it is there as a whole or not at all.
    if (run.toMs <= run.fromMs) return [{ why, fromSamples, toSamples }];
    const perhapsFrom = Math.floor(sampleAt(run, fromMs));
    const surelyFrom = Math.floor(sampleAt(run, fromMs + earlierMs));
    const surelyTo = Math.ceil(sampleAt(run, toMs));
    const perhapsTo = Math.ceil(sampleAt(run, toMs + earlierMs));
    return [
      {
        why: 'silent' as const,
        fromSamples: perhapsFrom,
        toSamples: Math.min(surelyFrom, perhapsTo),
      },
      { why, fromSamples: surelyFrom, toSamples: surelyTo },
      { why: 'silent' as const, fromSamples: Math.max(surelyFrom, surelyTo), toSamples: perhapsTo },
    ];
  });
  return joinSpans([], spans);
}

/** Which sample of a run sounds at an instant, if none of it sounded earlier than that. */
function sampleAt({ fromSamples, toSamples, fromMs, toMs }: Run, atMs: number): number {
  if (atMs >= toMs) return toSamples;
  if (atMs <= fromMs) return fromSamples;
  return fromSamples + ((atMs - fromMs) / (toMs - fromMs)) * (toSamples - fromSamples);
}

/** Runs kept of a response: of a page that reports every 50 ms those of the last 1.6 s. Of older ones only the ends are kept. */
const RUNS_KEPT = 32;

/** Adds what sounded since the runs there are. */
export function withSounded(runs: readonly Run[], run: Run): readonly Run[] {
  const [first, second, ...rest] = runs;
  if (!first || !second || runs.length < RUNS_KEPT) return [...runs, run];
  const earlierMs = Math.max(first.earlierMs, second.earlierMs);
  return [{ ...first, toSamples: second.toSamples, toMs: second.toMs, earlierMs }, ...rest, run];
}

/** The first sample that may sound after an instant, when it does, and the first one that surely does. */
export function soundsAfter(
  runs: readonly Run[],
  atMs: number,
): { readonly sample: number; readonly surely: number; readonly fromMs: number } | undefined {
  const run = runs.find(({ toMs }) => toMs > atMs);
  if (!run) return undefined;
  return {
    sample: Math.floor(sampleAt(run, atMs)),
    surely: Math.floor(sampleAt(run, atMs + run.earlierMs)),
    fromMs: Math.max(atMs, run.fromMs),
  };
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
