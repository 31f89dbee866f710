// Tests for SPEC.md, "Who can hear": which samples sounded while nobody could hear.
import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import {
  audibleSamples,
  firstAudibleSample,
  type InaudibleTime,
  inaudibleAt,
  inaudibleOf,
  joinSpans,
  type Run,
  type SampleSpan,
  spansInMs,
  spansUntil,
} from '../src/step/inaudible_spans.ts';

const time = (
  fromMs: number,
  toMs?: number,
  why: InaudibleTime['why'] = 'muted',
): InaudibleTime => ({
  why,
  fromMs: fromMs as AgentMs,
  toMs: toMs as AgentMs | undefined,
});
const span = (
  fromSamples: number,
  toSamples: number,
  why: SampleSpan['why'] = 'muted',
): SampleSpan => ({ why, fromSamples, toSamples });

it('[AU3] a time in which nobody hears has its first instant and not its last', () => {
  const times = [time(100, 200), time(300, undefined, 'silent')];

  expect([99, 100, 199, 200, 299, 300, 9000].map((ms) => inaudibleAt(times, ms))).toEqual([
    undefined,
    'muted',
    'muted',
    undefined,
    undefined,
    'silent',
    'silent',
  ]);
});

describe('of a run of 1000 samples that sound from 1000 to 2000 ms', () => {
  /** After 500 samples that sounded before. */
  const run: Run = { fromSamples: 500, toSamples: 1500, fromMs: 1000, toMs: 2000, earlierMs: 0 };

  it.each([
    ['before it', [time(0, 1000)], []],
    ['its beginning', [time(0, 1250)], [span(500, 750)]],
    ['its middle', [time(1250, 1500)], [span(750, 1000)]],
    ['its end and later', [time(1750)], [span(1250, 1500)]],
    ['all of it', [time(0)], [span(500, 1500)]],
    ['just all of it', [time(1000, 2000)], [span(500, 1500)]],
    ['from its last instant on', [time(2000)], []],
    ['after it', [time(2001)], []],
    // A sample that sounded in part in such a time is not heard.
    ['parts of two samples', [time(1000.5, 1001.5)], [span(500, 502)]],
    [
      'two parts',
      [time(0, 1100), time(1900, 3000, 'silent')],
      [span(500, 600), span(1400, 1500, 'silent')],
    ],
  ] as const)('[AU3] %s', (_what, times, spans) => {
    expect(inaudibleOf(times, run)).toEqual(spans);
  });

  it.each([
    ['until it ended', [time(0, 1500)], [span(500, 1000), span(1000, 1300, 'silent')]],
    ['since it began', [time(1500)], [span(1000, 1300, 'silent'), span(1300, 1500)]],
    ['for less time than that', [time(1400, 1500)], [span(900, 1300, 'silent')]],
    ['all the time', [time(0)], [span(500, 1500)]],
    ['before', [time(0, 700)], []],
  ] as const)('[AU3][AU6] that may have sounded 300 ms earlier: %s', (_what, times, spans) => {
    expect(inaudibleOf(times, { ...run, earlierMs: 300 })).toEqual(spans);
  });

  it('[AU3] what becomes known at once is inaudible as a whole or not at all', () => {
    const atOnce = { ...run, fromMs: 2000 };

    expect(inaudibleOf([time(1900, 2100)], atOnce)).toEqual([span(500, 1500)]);
    expect(inaudibleOf([time(1900, 2000)], atOnce)).toEqual([]);
    expect(inaudibleOf([time(2000)], atOnce)).toEqual([span(500, 1500)]);
  });

  it('[AU3] a run of no samples has none', () => {
    expect(inaudibleOf([time(0)], { ...run, toSamples: 500 })).toEqual([]);
    expect(inaudibleOf([time(0)], { ...run, toSamples: 500, fromMs: 2000 })).toEqual([]);
  });
});

describe('spans of samples', () => {
  it.each([
    ['nothing new', [span(0, 5)], [], [span(0, 5)]],
    ['the first', [], [span(2, 5)], [span(2, 5)]],
    ['one that follows for the same reason', [span(0, 5)], [span(5, 9)], [span(0, 9)]],
    ['one that overlaps', [span(0, 5)], [span(3, 9)], [span(0, 9)]],
    [
      'one for another reason',
      [span(0, 5)],
      [span(3, 9, 'silent')],
      [span(0, 5), span(5, 9, 'silent')],
    ],
    ['one after a gap', [span(0, 5)], [span(6, 9)], [span(0, 5), span(6, 9)]],
    ['one that is known', [span(0, 5)], [span(2, 5)], [span(0, 5)]],
    ['two', [span(0, 5)], [span(5, 7), span(7, 9)], [span(0, 9)]],
  ] as const)('[AU3] join %s', (_what, spans, added, joined) => {
    expect(joinSpans(spans, added)).toEqual(joined);
  });

  it('[AU3] end at a sample', () => {
    const spans = [span(2, 4), span(6, 9)];

    expect(spansUntil(spans, 2)).toEqual([]);
    expect(spansUntil(spans, 3)).toEqual([span(2, 3)]);
    expect(spansUntil(spans, 7)).toEqual([span(2, 4), span(6, 7)]);
    expect(spansUntil(spans, 20)).toEqual(spans);
  });

  it('[AU3] leave the rest to be heard', () => {
    const spans = [span(2, 4), span(6, 9)];

    expect([2, 3, 5, 7, 20].map((samples) => audibleSamples(samples, spans))).toEqual([
      2, 2, 3, 4, 15,
    ]);
  });

  it('[AU5] the first sample that could be heard comes after those that could not', () => {
    expect(firstAudibleSample([])).toBe(0);
    expect(firstAudibleSample([span(1, 4)])).toBe(0);
    expect(firstAudibleSample([span(0, 4), span(4, 7, 'silent'), span(9, 10)])).toBe(7);
  });

  it('[AU3] are stated in ms', () => {
    expect(spansInMs([span(24_000, 48_000)], 48_000)).toEqual([
      { why: 'muted', fromMs: 500, toMs: 1000 },
    ]);
  });
});
