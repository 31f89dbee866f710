import type { ResponseId } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import { QueuedRuns } from '../../../src/listeners/room/queued_runs.ts';

const A = 'a' as ResponseId;
const B = 'b' as ResponseId;

function runs(maxSamples = 1000): QueuedRuns {
  const all = new QueuedRuns(maxSamples);
  all.push(A, 100);
  all.push(B, 50);
  all.push(undefined, 10);
  return all;
}

describe('whose samples are in the queue', () => {
  it('[RM4] counts those of a response among the samples pushed last', () => {
    expect(runs().queuedOf(A, 100)).toBe(40);
    expect(runs().queuedOf(B, 100)).toBe(50);
    expect(runs().queuedOf(B, 30)).toBe(20);
    expect(runs().queuedOf(A, 60)).toBe(0);
    expect(runs().queuedOf(A, 5000)).toBe(100);
  });

  it('[RM4] takes back the samples pushed last, each once', () => {
    const all = runs();

    expect(all.takeBack(30)).toEqual([
      { responseId: undefined, samples: 10 },
      { responseId: B, samples: 20 },
    ]);
    expect(all.lastResponseId).toBe(B);
    expect(all.takeBack(5000)).toEqual([
      { responseId: B, samples: 30 },
      { responseId: A, samples: 100 },
    ]);
    expect(all.takeBack(1)).toEqual([]);
    expect(all.lastResponseId).toBeUndefined();
  });

  it('[RM4] forgets what was pushed before the last `maxSamples`', () => {
    const all = runs(50);
    expect(all.queuedOf(A, 5000)).toBe(0);
    expect(all.queuedOf(B, 5000)).toBe(50);

    all.clear();

    expect(all.queuedOf(B, 5000)).toBe(0);
  });
});
