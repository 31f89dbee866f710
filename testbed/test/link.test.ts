import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import { Arrivals } from '../src/network/arrivals.ts';
import { type LinkConditions, NETWORKS } from '../src/network/conditions.ts';
import { Link, seededRandom } from '../src/network/link.ts';

const PACKETS = 20_000;
const BYTES = 100;

/** Sends packets every 20 ms. @returns The delay of each in ms; `undefined` for a lost one. */
function delays(conditions: LinkConditions, packets = PACKETS, seed = 7): (number | undefined)[] {
  const clock = new ManualClock();
  const link = new Link(conditions, seededRandom(seed));
  return Array.from({ length: packets }, () => {
    clock.advance(20);
    const arrivalMs = link.send(clock.nowMs(), BYTES);
    return arrivalMs === undefined ? undefined : arrivalMs - clock.nowMs();
  });
}

const arrived = (all: readonly (number | undefined)[]): number[] =>
  all.filter((delayMs) => delayMs !== undefined);
const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe('a link', () => {
  it('does nothing on a clean network', () => {
    expect(new Set(delays(NETWORKS.clean))).toEqual(new Set([0]));
  });

  it('delays and loses on "wan" as the figures say, in order', () => {
    const all = delays(NETWORKS.wan);
    const got = arrived(all);

    expect(1 - got.length / PACKETS).toBeCloseTo(0.01, 2);
    expect(Math.min(...got)).toBeGreaterThanOrEqual(25);
    expect(Math.max(...got)).toBeLessThanOrEqual(25 + 40);
    // The cap lowers the mean of 8 a little; waiting for the previous packet raises it a little.
    expect(mean(got)).toBeGreaterThan(32);
    expect(mean(got)).toBeLessThan(34);
    const arrivals = all.flatMap((delayMs, index) =>
      delayMs === undefined ? [] : [index * 20 + delayMs],
    );
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
  });

  it('delays, loses and reorders on "bad" as the figures say', () => {
    const all = delays(NETWORKS.bad);
    const got = arrived(all);

    expect(1 - got.length / PACKETS).toBeCloseTo(0.03, 2);
    expect(Math.min(...got)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...got)).toBeLessThanOrEqual(65);
    expect(mean(got)).toBeCloseTo(35, 0);
    const arrivals = all.flatMap((delayMs, index) =>
      delayMs === undefined ? [] : [index * 20 + delayMs],
    );
    expect(arrivals).not.toEqual([...arrivals].sort((a, b) => a - b));
  });

  it('does the same for the same seed, and something else for another', () => {
    expect(delays(NETWORKS.bad, 100, 1)).toEqual(delays(NETWORKS.bad, 100, 1));
    expect(delays(NETWORKS.bad, 100, 1)).not.toEqual(delays(NETWORKS.bad, 100, 2));
  });

  it('loses all that is sent in an outage, and nothing after it', () => {
    const link = new Link(NETWORKS.clean, seededRandom(1));
    link.breakUntil(2000);

    expect([0, 1999, 2000].map((atMs) => link.send(atMs, BYTES))).toEqual([
      undefined,
      undefined,
      2000,
    ]);
  });

  it('carries no more than its bandwidth, queues what it may, and loses the rest', () => {
    const bandwidth = { bitsPerSecond: 8000, queueBytes: 200 };
    const link = new Link({ ...NETWORKS.clean, bandwidth }, seededRandom(1));

    // 72 bytes and 28 of headers take 100 ms at 1 byte/ms.
    const at0 = [1, 2, 3, 4].map(() => link.send(0, 72));

    expect(at0).toEqual([100, 200, 300, undefined]);
    expect(link.send(150, 72)).toBe(400);
    link.set(NETWORKS.clean);
    expect(link.send(160, 72)).toBe(400);
    expect(link.send(401, 72)).toBe(401);
  });
});

describe('arrivals', () => {
  it('come when they are due, the earliest first, equal ones in the order they were put in', () => {
    const arrivals = new Arrivals<string>();
    arrivals.put(30, 'c');
    arrivals.put(10, 'a');
    arrivals.put(20, 'b1');
    arrivals.put(20, 'b2');

    expect(arrivals.nextAtMs).toBe(10);
    expect(arrivals.take(9)).toEqual([]);
    expect(arrivals.take(20)).toEqual(['a', 'b1', 'b2']);
    expect(arrivals.nextAtMs).toBe(30);
    expect(arrivals.take(100)).toEqual(['c']);
    expect(arrivals.nextAtMs).toBeUndefined();
  });
});
