import { describe, expect, it } from 'vitest';
import { findSpeech, heardWords, type KnownSpeech } from '../src/shared/find_speech.ts';
import { seededRandom } from '../src/shared/random.ts';

/** Noise with silence at both ends, as speech has; another seed is another sentence. */
function sentence(seed: number, length: number = 400): KnownSpeech {
  const random = seededRandom(seed);
  const samples = Int16Array.from({ length }, () => Math.round((random() - 0.5) * 20_000));
  samples.fill(0, 0, 12);
  samples.fill(0, length - 7);
  const words = [
    { text: 'first ', endSamples: length / 2 },
    { text: 'second', endSamples: length - 20 },
  ];
  return { text: `sentence ${seed}`, samples, words };
}

const ONE = sentence(1);
const TWO = sentence(2, 300);
const KNOWN = [ONE, TWO];

function recording(length: number, ...parts: readonly [at: number, Int16Array][]): Int16Array {
  const samples = new Int16Array(length);
  for (const [at, part] of parts) samples.set(part, at);
  return samples;
}

const placesOf = (samples: Int16Array): (readonly [string, number, number])[] =>
  findSpeech(samples, KNOWN).found.map(
    (one) => [one.speech.text, one.startSample, one.heardSamples] as const,
  );

describe('the search for known speech', () => {
  it('finds the first sample although it is silent', () => {
    expect(placesOf(recording(2000, [777, ONE.samples]))).toEqual([['sentence 1', 777, 400]]);
  });

  it('separates two that follow each other without a gap', () => {
    const samples = recording(2000, [100, ONE.samples], [500, TWO.samples]);

    expect(placesOf(samples)).toEqual([
      ['sentence 1', 100, 400],
      ['sentence 2', 500, 300],
    ]);
  });

  it('finds a sentence each time it is repeated', () => {
    const samples = recording(3000, [0, ONE.samples], [400, ONE.samples], [1500, ONE.samples]);

    expect(placesOf(samples).map(([, at]) => at)).toEqual([0, 400, 1500]);
  });

  it('counts the samples of one that was cut, to the sample', () => {
    const samples = recording(3000, [50, ONE.samples.subarray(0, 123)], [900, ONE.samples]);

    expect(placesOf(samples)).toEqual([
      ['sentence 1', 50, 123],
      ['sentence 1', 900, 400],
    ]);
  });

  it('finds one cut off by the next', () => {
    const samples = recording(3000, [50, ONE.samples.subarray(0, 200)], [250, TWO.samples]);

    expect(placesOf(samples)).toEqual([
      ['sentence 1', 50, 200],
      ['sentence 2', 250, 300],
    ]);
  });

  it('takes one with a break in it for one', () => {
    const { samples } = ONE;
    const broken = recording(3000, [50, samples.subarray(0, 200)], [600, samples.subarray(200)]);

    const { found } = findSpeech(broken, KNOWN);

    expect(found).toMatchObject([{ startSample: 50, heardSamples: 400, breakCount: 1 }]);
  });

  it('finds nothing in silence, and counts sound that nobody is known to have made', () => {
    const foreign = sentence(3).samples;

    expect(findSpeech(new Int16Array(500), KNOWN)).toEqual({ found: [], unexplainedSamples: 0 });
    const { found, unexplainedSamples } = findSpeech(recording(2000, [500, foreign]), KNOWN);
    expect(found).toEqual([]);
    expect(unexplainedSamples).toBe(foreign.filter((sample) => sample !== 0).length);
  });

  it('does not find what was said louder, for then it is not the same samples', () => {
    const louder = ONE.samples.map((sample) => Math.round(sample * 1.1));

    expect(findSpeech(recording(2000, [500, louder]), KNOWN).found).toEqual([]);
  });

  it('gives only words that were spoken to their end', () => {
    const wordsAfter = (heardSamples: number): readonly string[] => {
      const samples = recording(1000, [0, ONE.samples.subarray(0, heardSamples)]);
      return findSpeech(samples, KNOWN).found.flatMap(heardWords);
    };

    expect(wordsAfter(199)).toEqual([]);
    expect(wordsAfter(200)).toEqual(['first']);
    expect(wordsAfter(400)).toEqual(['first', 'second']);
  });
});
