import { expect, it } from 'vitest';
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
