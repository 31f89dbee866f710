import { describe, expect, it } from 'vitest';
import { seededRandom } from '../src/shared/random.ts';
import { align, Pattern, Searchable } from '../src/shared/truth/align.ts';
import { heardUntil } from '../src/shared/truth/heard_until.ts';
import { atRecordingRate, RATE_HZ } from '../src/shared/truth/signal.ts';

const SOURCE_HZ = 16_000;
const FRAMES_PER_MS = RATE_HZ / 1000;

/** Pulses of a voice that changes its pitch and its colour every 70 ms, with a pause every fifth time. Another seed is another sentence. */
function sentence(seed: number, seconds: number = 1.2): Int16Array {
  const random = seededRandom(seed);
  const samples = new Int16Array(seconds * SOURCE_HZ);
  const syllable = (70 * SOURCE_HZ) / 1000;
  let [before, older, nextPulse, turn, damping, period, level] = [0, 0, 0, 0, 0, 120, 0];
  for (let index = 0; index < samples.length; index += 1) {
    if (index % syllable === 0) {
      turn = Math.cos((2 * Math.PI * (400 + random() * 2000)) / SOURCE_HZ);
      damping = 0.93 + random() * 0.04;
      period = 80 + Math.floor(random() * 80);
      level = (index / syllable) % 5 === 4 ? 0 : 0.4 + random() * 0.6;
    }
    let source = (random() - 0.5) * 300 * level;
    if (index >= nextPulse) {
      source += 5000 * level;
      nextPulse = index + period;
    }
    const sample = source + 2 * damping * turn * before - damping * damping * older;
    [older, before] = [before, sample];
    samples[index] = Math.max(-20_000, Math.min(20_000, sample));
  }
  return samples;
}

const atRate = (samples: Int16Array): Int16Array =>
  Int16Array.from(atRecordingRate(samples, SOURCE_HZ), (sample) => Math.round(sample * 32_767));

/** As a codec leaves it: duller, with noise in proportion, and a little more quiet. */
function coded(samples: Int16Array, seed: number): Int16Array {
  const random = seededRandom(seed);
  let before = 0;
  return samples.map((sample) => {
    const dull = 0.75 * sample + 0.25 * before;
    before = sample;
    return 0.8 * dull + (random() - 0.5) * 0.3 * Math.abs(sample) + (random() - 0.5) * 20;
  });
}

function recording(length: number, ...parts: readonly [at: number, Int16Array][]): Searchable {
  const samples = new Int16Array(length);
  for (const [at, part] of parts) samples.set(part, at);
  return new Searchable(samples);
}

const without = (samples: Int16Array, from: number, count: number): Int16Array =>
  Int16Array.from([...samples.subarray(0, from), ...samples.subarray(from + count)]);

const repeated = (samples: Int16Array, from: number, count: number): Int16Array =>
  Int16Array.from([...samples.subarray(0, from + count), ...samples.subarray(from)]);

const ONE = sentence(1);
const RENDERED = atRate(ONE);
const PATTERN = new Pattern(ONE, SOURCE_HZ);
const LONG = 3 * RATE_HZ;
const ANYWHERE = { from: 0, to: 1.2 * RATE_HZ, expected: RATE_HZ };

describe('the search for speech that went through a codec and a jitter buffer', () => {
  it('finds its first sample to a fraction of a frame', () => {
    const found = align(recording(LONG, [54_321, RENDERED]), PATTERN, ANYWHERE);

    expect(found?.startFrame).toBeCloseTo(54_321, 0);
    expect(found?.endFrame).toBeCloseTo(54_321 + RENDERED.length, 0);
    expect(found?.correlation).toBeGreaterThan(0.8);
  });

  it('finds it after a codec', () => {
    const found = align(recording(LONG, [40_007, coded(RENDERED, 5)]), PATTERN, ANYWHERE);

    expect(Math.abs((found?.startFrame ?? 0) - 40_007)).toBeLessThan(8);
  });

  it('gives the start of a speech that is stretched or shortened further on', () => {
    const at = 0.5 * RATE_HZ;
    const period = 400;
    const longer = align(
      recording(LONG, [30_000, coded(repeated(RENDERED, at, period), 6)]),
      PATTERN,
      ANYWHERE,
    );
    const shorter = align(
      recording(LONG, [30_000, coded(without(RENDERED, at, period), 7)]),
      PATTERN,
      ANYWHERE,
    );

    expect(Math.abs((longer?.startFrame ?? 0) - 30_000)).toBeLessThan(8);
    expect(Math.abs((longer?.endFrame ?? 0) - 30_000 - RENDERED.length - period)).toBeLessThan(8);
    expect(Math.abs((shorter?.startFrame ?? 0) - 30_000)).toBeLessThan(8);
    expect(Math.abs((shorter?.endFrame ?? 0) - 30_000 - RENDERED.length + period)).toBeLessThan(8);
  });

  it('finds it although 60 ms at its start were lost', () => {
    const torn = RENDERED.slice().fill(0, 0, 0.06 * RATE_HZ);
    const found = align(recording(LONG, [50_000, coded(torn, 8)]), PATTERN, ANYWHERE);

    expect(Math.abs((found?.startFrame ?? 0) - 50_000)).toBeLessThan(8);
  });

  it('takes the repeat of a sentence that was expected', () => {
    const samples = recording(LONG, [10_000, RENDERED], [10_000 + RENDERED.length, RENDERED]);
    const second = { from: 0, to: 1.5 * RATE_HZ, expected: 12_000 + RENDERED.length };

    expect(align(samples, PATTERN, second)?.startFrame).toBeCloseTo(10_000 + RENDERED.length, 0);
    expect(align(samples, PATTERN, { ...second, expected: 8000 })?.startFrame).toBeCloseTo(
      10_000,
      0,
    );
  });

  it('finds nothing in silence, in noise and in other speech', () => {
    const random = seededRandom(9);
    const noise = Int16Array.from({ length: LONG }, () => (random() - 0.5) * 20_000);

    expect(align(recording(LONG), PATTERN, ANYWHERE)).toBeUndefined();
    expect(align(new Searchable(noise), PATTERN, ANYWHERE)).toBeUndefined();
    const other = recording(LONG, [40_000, coded(atRate(sentence(2)), 3)]);
    expect(align(other, PATTERN, ANYWHERE)).toBeUndefined();
  });

  it('measures how much was heard of a cut speech, within a few ms', () => {
    const errorsMs: number[] = [];
    for (const heardMs of [250, 433, 497, 540, 610, 733, 812, 960, 1101]) {
      const heard = RENDERED.subarray(0, (heardMs * RATE_HZ) / 1000);
      const samples = recording(LONG, [33_000, coded(heard, heardMs)]);
      const found = align(samples, PATTERN, { from: 25_000, to: 40_000, expected: 35_000 });
      const until = found && heardUntil(samples, PATTERN, found);

      errorsMs.push((until ?? 0) / FRAMES_PER_MS - heardMs);
    }
    errorsMs.sort((a, b) => a - b);
    expect(Math.max(...errorsMs.map(Math.abs))).toBeLessThan(25);
    expect(Math.abs(errorsMs[4] ?? 99)).toBeLessThan(4);
  });

  it('knows one that was heard to its end', () => {
    const samples = recording(LONG, [33_000, coded(RENDERED, 4)]);
    const found = align(samples, PATTERN, ANYWHERE);

    expect(found && heardUntil(samples, PATTERN, found)).toBe(PATTERN.frames);
  });
});
