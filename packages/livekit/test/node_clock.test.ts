import { expect, it, vi } from 'vitest';
import { NodeClock } from '../src/index.ts';

it('[LD2] the clock of the process never runs a timer before it is due', async () => {
  // Node's own timers come up to 1 ms early: their delay counts from when the running code began.
  const clock = new NodeClock();
  const earlyMs: number[] = [];

  for (let count = 0; count < 60; count += 1) {
    const delayMs = 1 + count / 20;
    const dueMs = clock.nowMs() + delayMs;
    await new Promise<void>((resolve) => {
      clock.schedule(delayMs, resolve);
    });
    earlyMs.push(dueMs - clock.nowMs());
  }

  expect(earlyMs.filter((ms) => ms > 0)).toEqual([]);
});

it('[LD2] a timer that is further off than Node can wait does not run', async () => {
  const clock = new NodeClock();
  let hasRun = false;
  const delays: number[] = [];
  const { setTimeout: original } = globalThis;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, delayMs: number) => {
    delays.push(delayMs);
    return original(run, delayMs);
  }) as typeof setTimeout);

  const cancel = clock.schedule(Number.POSITIVE_INFINITY, () => {
    hasRun = true;
  });
  vi.restoreAllMocks();
  cancel();

  expect(delays).toEqual([2 ** 31 - 1]);
  expect(hasRun).toBe(false);
});

it('a timer that was cancelled does not run', async () => {
  const clock = new NodeClock();
  let hasRun = false;

  clock.schedule(1, () => {
    hasRun = true;
  })();
  await new Promise<void>((resolve) => {
    clock.schedule(5, resolve);
  });

  expect(hasRun).toBe(false);
});
