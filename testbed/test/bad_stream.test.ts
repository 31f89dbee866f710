import { describe, expect, it } from 'vitest';
import { arrivalOverTcp } from '../src/network/bad_stream.ts';
import { NETWORKS } from '../src/network/conditions.ts';
import { Link, seededRandom } from '../src/network/link.ts';

const BYTES = 1000;
const bad = (seed: number): Link =>
  new Link({ ...NETWORKS.bad, reordering: false }, seededRandom(seed));
const clean = (): Link => new Link(NETWORKS.clean, seededRandom(1));

/** When pieces arrive that are sent every 20 ms. */
function arrivals(link: Link): (number | undefined)[] {
  return Array.from({ length: 1000 }, (_, piece) =>
    arrivalOverTcp(link, { nowMs: piece * 20, bytes: BYTES }),
  );
}

describe('a stream over a bad network', () => {
  it('loses nothing and keeps the order: what is lost is late, and holds up what follows', () => {
    const all = arrivals(bad(7)).map((atMs) => atMs ?? Number.NaN);

    expect(all).toEqual([...all].sort((one, two) => one - two));
    const delays = all.map((atMs, piece) => atMs - piece * 20);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(5);
    // 3 % are sent again after 200 ms.
    expect(delays.filter((delayMs) => delayMs >= 200).length).toBeGreaterThan(15);
    expect(delays.some((delayMs) => delayMs > 65 && delayMs < 200)).toBe(true);
  });

  it('is the same for the same seed', () => {
    expect(arrivals(bad(7))).toEqual(arrivals(bad(7)));
    expect(arrivals(bad(7))).not.toEqual(arrivals(bad(8)));
  });

  it('goes on after an outage when TCP tries again: after 200 ms, then twice as long each time', () => {
    const link = clean();
    link.breakUntil(1000);

    expect(arrivalOverTcp(link, { nowMs: 0, bytes: BYTES })).toBe(200 + 400 + 800);
    expect(arrivalOverTcp(link, { nowMs: 2000, bytes: BYTES })).toBe(2000);
  });

  it('never goes on after an outage without end', () => {
    const link = clean();
    link.breakUntil(Number.POSITIVE_INFINITY);

    expect(arrivalOverTcp(link, { nowMs: 0, bytes: BYTES })).toBeUndefined();
  });
});
