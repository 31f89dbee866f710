import { expect, it } from 'vitest';
import { TokenBucket } from '../src/server/token_bucket.ts';

it('[ST2] allows a burst, and then a fixed rate', () => {
  let nowMs = 0;
  const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, () => nowMs);
  const taken = (count: number): boolean[] => Array.from({ length: count }, () => bucket.take());

  expect(taken(4)).toEqual([true, true, true, false]);
  nowMs = 250;
  expect(taken(3)).toEqual([true, true, false]);
  nowMs = 60_000;
  expect(taken(4)).toEqual([true, true, true, false]);
});
