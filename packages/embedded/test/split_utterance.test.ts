import { expect, it } from 'vitest';
import { splitUtterance } from '../src/moonshine/split_utterance.ts';

const LIMITS = { mostSamples: 1000, searchSamples: 400, windowSamples: 20 };

/** Loud all along, but for the places that are quiet. */
function utterance(length: number, quiet: readonly (readonly [number, number])[] = []) {
  const samples = new Float32Array(length).map((_, index) => 0.5 + (index % 7) / 100);
  for (const [from, to] of quiet) samples.fill(0, from, to);
  return samples;
}

it('[ST15] a short utterance is recognised in one part', () => {
  const whole = utterance(1000);

  expect(splitUtterance(whole, LIMITS)).toEqual([whole]);
});

it('[ST15] a longer one is divided where it is quiet, and no sample is lost', () => {
  const whole = utterance(2500, [
    [700, 760],
    [1500, 1560],
  ]);

  const parts = splitUtterance(whole, LIMITS);

  const ends = parts
    .slice(0, -1)
    .map((_, index) => parts.slice(0, index + 1).reduce((sum, part) => sum + part.length, 0));
  expect(parts).toHaveLength(3);
  expect(ends[0]).toBeGreaterThan(700);
  expect(ends[0]).toBeLessThan(760);
  expect(ends[1]).toBeGreaterThan(1500);
  expect(ends[1]).toBeLessThan(1560);
  expect(parts.flatMap((part) => [...part])).toEqual([...whole]);
});

it('[ST15] one without a quiet place has no part that is too long', () => {
  const parts = splitUtterance(utterance(5000), LIMITS);

  expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(1000);
  expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(5000);
});
