// Tests for SPEC.md, "Listener and wire": what round trips say of a clock, and when they say enough.
import { describe, expect, it } from 'vitest';
import type { AgentMs, ListenerMs } from '../src/index.ts';
import { ClockMap } from '../src/wire/index.ts';

interface Trip {
  readonly atMs: number;
  /** The way there and the way back, ms. */
  readonly thereMs?: number;
  readonly backMs?: number;
  readonly heldMs?: number;
  readonly aheadMs?: number;
}

function add(map: ClockMap, { atMs, thereMs = 10, backMs = 10, heldMs = 0, aheadMs = 5000 }: Trip) {
  const receivedMs = atMs + thereMs + aheadMs;
  map.addRoundTrip({
    pingSentAtMs: atMs as AgentMs,
    pingReceivedAtMs: receivedMs as ListenerMs,
    pongSentAtMs: (receivedMs + heldMs) as ListenerMs,
    pongReceivedAtMs: (atMs + thereMs + heldMs + backMs) as AgentMs,
  });
}

/** So many trips of 20 ms, a second apart. */
function mapOf(count: number): ClockMap {
  const map = new ClockMap();
  for (let n = 0; n < count; n += 1) add(map, { atMs: n * 1000 });
  return map;
}

describe('round trips tell no more of a clock', () => {
  it('[LW16] after sixteen that take as long as each other', () => {
    expect([0, 1, 15, 16, 17].map((count) => mapOf(count).isSettled)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it.each([
    ['the way there', 'thereMs'],
    ['the way back', 'backMs'],
  ] as const)('[LW16] if none of the latest four took more than 3 ms longer: %s', (_, way) => {
    const settledAfter = (extraMs: number, quickAfter: number): boolean => {
      const map = mapOf(16);
      add(map, { atMs: 16_000, [way]: 10 + extraMs });
      for (let n = 1; n <= quickAfter; n += 1) add(map, { atMs: 16_000 + n * 1000 });
      return map.isSettled;
    };

    expect([3, 3.5].map((extraMs) => settledAfter(extraMs, 0))).toEqual([true, false]);
    expect([3, 4].map((quickAfter) => settledAfter(40, quickAfter))).toEqual([false, true]);
  });

  it('[LW16] if the way there and back takes 100 ms at most, however long the listener takes to answer', () => {
    const settledWith = (backMs: number, heldMs: number): boolean => {
      const map = new ClockMap();
      for (let n = 0; n < 16; n += 1) add(map, { atMs: n * 1000, backMs, heldMs });
      return map.isSettled;
    };

    expect([settledWith(90, 0), settledWith(91, 0), settledWith(90, 500)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('[LW4] until the listener has another clock', () => {
    const map = mapOf(16);
    map.reset();

    expect([map.isSettled, map.toAgent(0 as ListenerMs)]).toEqual([false, undefined]);
  });
});

describe('the clock of a listener', () => {
  const mapped = (map: ClockMap, atMs: number) => map.toAgent((atMs + 5000) as ListenerMs);

  it('[LW6] is not known from answers that no clock gives', () => {
    const map = new ClockMap();
    // It was sent before the ping came, or came back before it was sent.
    add(map, { atMs: 0, heldMs: -1, backMs: 11 });
    expect(mapped(map, 0)).toBeUndefined();
    add(map, { atMs: 0, thereMs: 10, backMs: -11 });
    expect(mapped(map, 0)).toBeUndefined();
    // Nothing passes in no time, and still an answer that did is one.
    add(map, { atMs: 0, thereMs: 0, backMs: 0 });
    expect(mapped(map, 7)).toMatchObject({ atMs: 7 });
  });

  it('[LW6][regression] has a bound that allows for the drift since the latest trip where it looks for the nearest one', () => {
    const slowBy = 99e-6;
    const map = new ClockMap();
    for (const atMs of [10, 101_010])
      add(map, { atMs, thereMs: 0, backMs: 0, aheadMs: -atMs * slowBy });

    // Both clocks read 0 at the same instant. By the latest trip alone that looks like the instant of the first one.
    const mapped = map.toAgent(0 as ListenerMs);

    expect(mapped?.atMs).toBeGreaterThan(0.0005);
    expect(mapped?.errorBoundMs).toBeGreaterThanOrEqual(mapped?.atMs ?? 1);
  });

  it('[LW6] is known as exactly whatever time the listener takes to answer', () => {
    const map = new ClockMap();
    add(map, { atMs: 0, heldMs: 1000 });

    expect(mapped(map, 1020)?.atMs).toBeCloseTo(1020, 6);
    expect(mapped(map, 1020)?.errorBoundMs).toBeCloseTo(10 + 1e-4 * (2 * 2 * 1020), 3);
  });

  it('[LW6] is mapped anew if one of many trips excludes the new one', () => {
    const map = new ClockMap();
    // The first trip limits the offset well; a slow one after it allows a clock that is 100 ms off.
    add(map, { atMs: 0 });
    add(map, { atMs: 1000, thereMs: 400, backMs: 400 });
    add(map, { atMs: 2000, aheadMs: 5100 });

    expect(map.toAgent((3000 + 5100) as ListenerMs)?.atMs).toBeCloseTo(3000, 1);
  });

  /** After one trip of 20 ms, another one by a clock that was set. Its offset then lies outside what the first allows. */
  const isSetBy = (stepMs: number, laterMs: number): boolean => {
    const map = new ClockMap();
    add(map, { atMs: 0 });
    add(map, { atMs: laterMs, aheadMs: 5000 + stepMs });
    // Mapped by the new trip alone, the middle is that of the new clock.
    const atMs = map.toAgent((laterMs + 5000 + stepMs) as ListenerMs)?.atMs ?? 0;
    return Math.abs(atMs - laterMs) < 1;
  };

  it('[LW6] was set if no drift explains it: each way, by more than the trips take and 100 ppm', () => {
    // 20 ms of both trips together, 0.01 ms, and 1 s and twice both trips at 100 ppm.
    const mostMs = 20 + 0.01 + 1e-4 * (1000 + 2 * 40);

    expect([mostMs + 0.001, -mostMs - 0.001].map((step) => isSetBy(step, 1000))).toEqual([
      true,
      true,
    ]);
    expect([mostMs - 0.001, -mostMs + 0.001].map((step) => isSetBy(step, 1000))).toEqual([
      false,
      false,
    ]);
  });
});
