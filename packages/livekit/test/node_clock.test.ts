import { MessageChannel } from 'node:worker_threads';
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

function standStill(clock: NodeClock): void {
  const untilMs = clock.nowMs() + 200;
  while (clock.nowMs() < untilMs);
}

/** A timer during which the process stands still, and another one that becomes due meanwhile: surely the later of the two. */
function heldUp(
  meanwhile: () => void,
  run: () => void,
): { readonly clock: NodeClock; readonly cancel: () => void } {
  const clock = new NodeClock();
  clock.schedule(5, () => {
    standStill(clock);
    meanwhile();
  });
  return { clock, cancel: clock.schedule(50, run) };
}

const soon = (): Promise<void> =>
  new Promise((resolve) => {
    new NodeClock().schedule(50, resolve);
  });

it('[FT3] what arrived while the process stood still is read before a timer runs that became due meanwhile', async () => {
  const order: string[] = [];
  const { port1, port2 } = new MessageChannel();
  port2.on('message', (message) => order.push(message));

  heldUp(
    () => port1.postMessage('message'),
    () => order.push('timer'),
  );
  await vi.waitFor(() => expect(order).toHaveLength(2), { timeout: 20_000 });
  port1.close();

  expect(order).toEqual(['message', 'timer']);
});

it('a timer that was held up does not run if what arrived cancels it', async () => {
  let hasRun = false;
  const { port1, port2 } = new MessageChannel();

  const { cancel } = heldUp(
    () => port1.postMessage('message'),
    () => {
      hasRun = true;
    },
  );
  port2.on('message', cancel);
  await soon();
  await soon();
  port1.close();

  expect(hasRun).toBe(false);
});

it('what arrives while the process stands still a second time is read before the timer, too', async () => {
  let hasRun = false;
  const { port1, port2 } = new MessageChannel();

  const { clock, cancel } = heldUp(
    () => port1.postMessage('message'),
    () => {
      hasRun = true;
    },
  );
  port2.on('message', cancel);
  standStill(clock);
  await soon();
  await soon();
  port1.close();

  expect(hasRun).toBe(false);
});
