// Tests for SPEC.md, LW11: how often it is told that messages were not used.
import { expect, it } from 'vitest';
import { DropCounter } from '../src/drop_counter.ts';
import type { AgentMs } from '../src/index.ts';

const at = (ms: number): AgentMs => ms as AgentMs;

it('[LW11] the first of a reason is told at once, the next a second after it, with their count', () => {
  const drops = new DropCounter();
  expect(drops.dueAtMs).toBeUndefined();
  expect(drops.add('out_of_range', 1, at(100))).toBe(true);
  expect(drops.take(at(100))).toEqual([{ reason: 'out_of_range', count: 1 }]);
  expect(drops.dueAtMs).toBeUndefined();

  expect(drops.add('out_of_range', 2, at(300))).toBe(false);
  expect(drops.dueAtMs).toBe(1100);
  expect(drops.take(at(1099))).toEqual([]);
  expect(drops.take(at(1100))).toEqual([{ reason: 'out_of_range', count: 2 }]);
});

it('[LW11] of several reasons the first that is due counts, whichever came first', () => {
  for (const [one, other] of [
    ['out_of_range', 'in_future'],
    ['in_future', 'out_of_range'],
  ] as const) {
    const drops = new DropCounter();
    drops.add('out_of_range', 1, at(100));
    drops.take(at(100));
    drops.add('in_future', 1, at(400));
    drops.take(at(400));
    drops.add(one, 1, at(500));
    drops.add(other, 1, at(600));

    expect(drops.dueAtMs).toBe(1100);
    expect(drops.take(at(1100))).toEqual([{ reason: 'out_of_range', count: 1 }]);
    expect(drops.dueAtMs).toBe(1400);
    expect(drops.take(at(1100), true)).toEqual([{ reason: 'in_future', count: 1 }]);
  }
});
