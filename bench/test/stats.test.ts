import { expect, it } from 'vitest';
import { seededRandom } from '../src/shared/random.ts';
import { quantile, summarize } from '../src/shared/stats.ts';

it('takes quantiles between neighbours, in any order of the values', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([10, 20], 0.95)).toBe(19.5);
  expect(quantile([], 0.5)).toBeNaN();
});

it('sums values up', () => {
  const values = Array.from({ length: 101 }, (_, index) => 100 - index);

  expect(summarize(values)).toEqual({ count: 101, median: 50, p95: 95, min: 0, max: 100 });
});

it('gives the same random numbers for the same seed, from 0 up to 1', () => {
  const one = seededRandom(7);
  const other = seededRandom(7);
  const drawn = Array.from({ length: 1000 }, one);

  expect(drawn).toEqual(Array.from({ length: 1000 }, other));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThan(1);
  expect(summarize(drawn).median).toBeGreaterThan(0.4);
  expect(summarize(drawn).median).toBeLessThan(0.6);
});
