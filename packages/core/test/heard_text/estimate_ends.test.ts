// Tests for SPEC.md, "Heard text": when words end that have no times, and how far off that may be [HT3][HT4][HT6][HT7].
import { describe, expect, it } from 'vitest';
import { estimateEnds, type WordEnds } from '../../src/heard_text/estimate_ends.ts';

const SAMPLES_PER_MS = 8;

/** What was sent of a response. */
interface Sent {
  /** The last timed word: when it ends, and when it usually would. Without it no word is timed. */
  readonly timed?: readonly [endMs: number, usualMs: number];
  readonly hasLeftover?: boolean;
  /** When the other words usually end, and the silence after the last one, in ms after the timed one. */
  readonly usualMs?: readonly number[];
  readonly usualTotalMs?: number;
  /** Audio after the timed word. */
  readonly sentMs: number;
  readonly audioEnded?: boolean;
}

const THREE = [1000, 4000, 9000];
const FOUR = [1000, 4000, 8000, 9000];
const TOTAL_MS = 10_000;

function ends(of: Sent): WordEnds {
  const { timed, hasLeftover = false, usualMs = THREE, usualTotalMs = TOTAL_MS } = of;
  const [endMs, fromMs] = timed ?? [0, 0];
  const rest = usualMs.map((ms) => fromMs + ms);
  return estimateEnds(
    {
      audioEnded: of.audioEnded ?? false,
      sentSamples: (endMs + of.sentMs) * SAMPLES_PER_MS,
      sampleRateHz: 1000 * SAMPLES_PER_MS,
    },
    { endsMs: timed ? [fromMs, ...rest] : rest, totalMs: fromMs + usualTotalMs },
    { endsSamples: timed ? [endMs * SAMPLES_PER_MS] : [], hasLeftover },
  );
}

/** How words are spoken: each pace in ms per usual ms. */
interface Pace {
  readonly likely: number;
  readonly fastest: number;
  readonly slowest: number;
  /** Words may end so much later, since their times may only be late. */
  readonly lateMs?: number;
  /** The audio reaches the end of the text, perhaps or certainly: no word ends after it. */
  readonly isWhole?: 'likely' | 'surely';
}

/** How far a voice strays from its pace after so much speech: most in the middle, if the end is known. */
function strayMs(ms: number, wholeMs = Number.POSITIVE_INFINITY): number {
  return 200 + 240 * Math.sqrt((ms / 1000) * (1 - ms / wholeMs));
}

/** The ends of the untimed words at a pace. The likely end is a little late: rather a word too few than one too many. */
function endsAt(of: Sent, { likely, fastest, slowest, lateMs = 0, isWhole }: Pace) {
  const { timed, usualMs = THREE, usualTotalMs = TOTAL_MS, sentMs } = of;
  const fromMs = timed?.[0] ?? 0;
  return usualMs.map((ms) => {
    const stray = strayMs(ms, isWhole && usualTotalMs);
    const latestMs = ms * slowest + stray + lateMs;
    const likelyMs = ms * likely + 0.16 * stray + lateMs;
    return {
      likely: fromMs + (isWhole ? Math.min(likelyMs, sentMs) : likelyMs),
      earliest: fromMs + Math.max(0, ms * fastest - stray),
      latest: fromMs + (isWhole === 'surely' ? Math.min(latestMs, sentMs) : latestMs),
    };
  });
}

/** The ends of the words after the timed one, in ms. */
function untimed(found: WordEnds) {
  const inMs = (samples: readonly number[], at: number) => (samples[at] ?? 0) / SAMPLES_PER_MS;
  return found.likely
    .map((_, at) => ({
      likely: inMs(found.likely, at),
      earliest: inMs(found.earliest, at),
      latest: inMs(found.latest, at),
    }))
    .slice(found.timedCount);
}

function expectPace(of: Sent, pace: Pace): void {
  const wanted = endsAt(of, pace);
  const found = untimed(ends(of));
  expect(found).toHaveLength(wanted.length);
  for (const [at, end] of wanted.entries())
    for (const key of ['likely', 'earliest', 'latest'] as const)
      expect([at, key, found[at]?.[key]]).toEqual([at, key, expect.closeTo(end[key], 6)]);
}

/** Without times a voice may be 1.5 times as fast or as slow as usual; 1.3 times, once its own pace is known. */
const UNKNOWN = { likely: 1, fastest: 1 / 1.5, slowest: 1.5 };
const KNOWN = { likely: 1, fastest: 1 / 1.3, slowest: 1.3 };

describe('without times', () => {
  it('[HT4] the ends of words are these', () => {
    const of = { usualMs: [1000, 4000], sentMs: 2000 };

    // 1000 and 4000 ms at the usual pace, and 0.16 of the 440 and 680 ms by which a voice strays.
    expect(ends(of).likely).toEqual([1070.4 * SAMPLES_PER_MS, 4108.8 * SAMPLES_PER_MS]);
    expect(untimed(ends(of)).map(({ earliest }) => Math.round(earliest))).toEqual([227, 1987]);
    expect(untimed(ends(of)).map(({ latest }) => latest)).toEqual([1940, 6680]);
    expect(ends(of).timedCount).toBe(0);
  });

  it.each<[what: string, of: Sent, pace: Pace]>([
    ['unfinished audio: the usual pace', { sentMs: 2000 }, UNKNOWN],
    [
      'unfinished audio that is longer than its text usually takes: at least its own pace',
      { sentMs: 20_000 },
      { likely: 2, fastest: 2, slowest: 2 },
    ],
    [
      'unfinished audio, 0.8 of the usual length: no faster than that',
      { sentMs: 8000 },
      { ...UNKNOWN, fastest: 0.8 },
    ],
    [
      'finished audio: its own pace',
      { sentMs: 12_000, audioEnded: true },
      { likely: 1.2, fastest: 1.2, slowest: 1.2, isWhole: 'surely' },
    ],
    [
      'finished audio, 0.7 of the usual length: still its own pace',
      { sentMs: 7000, audioEnded: true },
      { likely: 0.7, fastest: 0.7, slowest: 0.7, isWhole: 'surely' },
    ],
    [
      'finished audio, shorter than that: perhaps it broke off',
      { sentMs: 6900, audioEnded: true },
      { likely: 0.69, fastest: 0.69, slowest: 1, isWhole: 'likely' },
    ],
    [
      'finished audio, 0.2 of the usual length: still perhaps',
      { sentMs: 2000, audioEnded: true },
      { likely: 0.2, fastest: 0.2, slowest: 1, isWhole: 'likely' },
    ],
    [
      'finished audio, shorter than that: it broke off, and had the usual pace',
      { sentMs: 1999, audioEnded: true },
      UNKNOWN,
    ],
    [
      'a text that usually takes 1.5 s may break off as well',
      { usualMs: [1000], usualTotalMs: 1500, sentMs: 150, audioEnded: true },
      UNKNOWN,
    ],
    [
      'a shorter text is too short to tell',
      { usualMs: [1000], usualTotalMs: 1499, sentMs: 149.9, audioEnded: true },
      { likely: 0.1, fastest: 0.1, slowest: 1, isWhole: 'likely' },
    ],
  ])('[HT4][HT6] %s', (_what, of, pace) => {
    expectPace(of, pace);
  });
});

describe('after timed words', () => {
  it.each<[what: string, of: Sent, pace: Pace]>([
    [
      'their pace goes on, but the times of the next words may only be late',
      { timed: [2500, 2000], sentMs: 1000 },
      { likely: 1.25, fastest: 1.25 / 1.3, slowest: 1.25 * 1.3, lateMs: 1000 },
    ],
    [
      'which are followed by others that match nothing yet, such as a number in words',
      { timed: [2500, 2000], hasLeftover: true, sentMs: 1000 },
      { likely: 1.25, fastest: 1.25 / 1.3, slowest: 1.25 * 1.3, lateMs: 5000 },
    ],
    [
      'that last 1.5 s, their pace is known',
      { timed: [1500, 1500], sentMs: 1000 },
      { ...KNOWN, lateMs: 1000 },
    ],
    [
      'that last less, it is not',
      { timed: [1499, 1500], sentMs: 1000 },
      { ...UNKNOWN, lateMs: 1000 },
    ],
    [
      'that usually last less, it is not',
      { timed: [1500, 1499], sentMs: 1000 },
      { ...UNKNOWN, lateMs: 1000 },
    ],
    [
      'no voice is taken to be more than 1.5 times as slow as usual',
      { timed: [6000, 2000], sentMs: 1000 },
      { likely: 1.5, fastest: 1.5 / 1.3, slowest: 1.5 * 1.3, lateMs: 1000 },
    ],
    [
      'nor more than 1.5 times as fast',
      { timed: [2000, 6000], sentMs: 1000 },
      { likely: 1 / 1.5, fastest: 1 / 1.5 / 1.3, slowest: 1.3 / 1.5, lateMs: 1000 },
    ],
    [
      'the rest of finished audio has the pace that fills it',
      { timed: [2000, 2000], sentMs: 10_500, audioEnded: true },
      { likely: 1.05, fastest: 1.05, slowest: 1.05, isWhole: 'surely' },
    ],
    [
      'also if they are followed by others',
      { timed: [2000, 2000], hasLeftover: true, sentMs: 10_500, audioEnded: true },
      { likely: 1.05, fastest: 1.05, slowest: 1.05, isWhole: 'surely' },
    ],
    [
      'three more words need all of their time',
      { timed: [2000, 2000], sentMs: 10_000, audioEnded: true },
      { likely: 1, fastest: 1, slowest: 1, isWhole: 'surely' },
    ],
    [
      'or the voice broke off inside one of them',
      { timed: [2000, 2000], sentMs: 9990, audioEnded: true },
      { ...KNOWN, lateMs: 1000 },
    ],
    [
      'four more words need 0.6 of their time, and may then have broken off',
      { timed: [2000, 2000], usualMs: FOUR, sentMs: 6000, audioEnded: true },
      { likely: 0.6, fastest: 0.6, slowest: 1, isWhole: 'likely' },
    ],
    [
      'with less time they did break off, but perhaps the audio is whole',
      { timed: [2000, 2000], usualMs: FOUR, sentMs: 5990, audioEnded: true },
      { ...KNOWN, fastest: 0.599, lateMs: 1000 },
    ],
    [
      'down to 0.4 of it',
      { timed: [2000, 2000], usualMs: FOUR, sentMs: 4000, audioEnded: true },
      { ...KNOWN, fastest: 0.4, lateMs: 1000 },
    ],
    [
      'but not below',
      { timed: [2000, 2000], usualMs: FOUR, sentMs: 3990, audioEnded: true },
      { ...KNOWN, lateMs: 1000 },
    ],
    [
      'their own time is meant: of a voice that takes 1.5 of the usual, 0.6 of that',
      { timed: [3000, 2000], usualMs: FOUR, sentMs: 9000, audioEnded: true },
      { likely: 0.9, fastest: 0.9, slowest: 1.5, isWhole: 'likely' },
    ],
    [
      'of the same voice, 0.7 of that',
      { timed: [3000, 2000], usualMs: FOUR, sentMs: 10_500, audioEnded: true },
      { likely: 1.05, fastest: 1.05, slowest: 1.05, isWhole: 'surely' },
    ],
    [
      'of the same voice, 0.4 of that',
      { timed: [3000, 2000], usualMs: FOUR, sentMs: 5990, audioEnded: true },
      { likely: 1.5, fastest: 1.5 / 1.3, slowest: 1.5 * 1.3, lateMs: 1000 },
    ],
    [
      'speech that broke off is no slower for being long',
      { timed: [6000, 2000], sentMs: 20_000, audioEnded: true },
      { likely: 1.5, fastest: 1.5 / 1.3, slowest: 1.5 * 1.3, lateMs: 1000 },
    ],
  ])('[HT3][HT6] %s', (_what, of, pace) => {
    expectPace(of, pace);
  });

  it('[HT3] these keep their ends; of those that end together all but the last may have ended earlier', () => {
    const endsSamples = [100, 400, 400, 400, 500];
    const endsMs = [100, 200, 300, 400, 500];
    const audio = { audioEnded: true, sentSamples: 600, sampleRateHz: 1000 };
    const found = estimateEnds(
      audio,
      { endsMs, totalMs: 650 },
      { endsSamples, hasLeftover: false },
    );

    expect(found).toEqual({
      likely: endsSamples,
      earliest: [100, 100, 100, 400, 500],
      latest: endsSamples,
      timedCount: 5,
    });
  });

  it('[HT3] the first words, if they end together, may have ended at any time since the start', () => {
    const audio = { audioEnded: false, sentSamples: 600, sampleRateHz: 1000 };
    const of = { endsMs: [100, 200, 300], totalMs: 450 };
    const found = estimateEnds(audio, of, { endsSamples: [300, 300], hasLeftover: false });

    expect(found.earliest.slice(0, 2)).toEqual([0, 300]);
    expect(found.timedCount).toBe(2);
  });
});
