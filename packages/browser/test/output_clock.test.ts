import { describe, expect, it } from 'vitest';
import { OutputClock, type OutputReading } from '../src/shared/output_clock.ts';
import type { PageMs } from '../src/shared/page_clock.ts';

function exact(contextMs: number, atMs: number): OutputReading {
  return { contextMs, atMs: atMs as PageMs, ageMs: 0, extraBoundMs: 0 };
}

/** Readings every 10 ms from `fromMs` on, each off by what `bounceMs` says. */
function read(
  clock: OutputClock,
  fromMs: number,
  count: number,
  offsetMs: number,
  bounceMs = (_index: number): number => 0,
): void {
  for (let index = 0; index < count; index += 1) {
    const contextMs = fromMs + index * 10;
    clock.add(exact(contextMs, contextMs + offsetMs + bounceMs(index)));
  }
}

describe('the clock of the output', () => {
  it('[BR10] knows nothing before the first reading, and forgets when the device changes', () => {
    const clock = new OutputClock();
    expect(clock.toPage(0)).toBeUndefined();
    clock.add(exact(100, 250));
    expect(clock.toPage(300)).toEqual({ atMs: 450, errorBoundMs: 15 });
    expect(clock.toContextMs(450 as PageMs)).toBe(300);

    clock.reset();

    expect(clock.toPage(0)).toBeUndefined();
  });

  it('[BR10] a reading that bounces does not move it, and widens the bound', () => {
    const clock = new OutputClock();
    read(clock, 0, 15, 200, (index) => (index === 14 ? 9 : 0));

    expect(clock.toPage(1000)).toEqual({ atMs: 1200, errorBoundMs: 24 });
  });

  it('[BR10] a real step is followed after four readings', () => {
    const clock = new OutputClock();
    read(clock, 0, 15, 200);
    read(clock, 150, 3, 240);
    expect(clock.toPage(1000)?.atMs).toBe(1200);

    read(clock, 180, 1, 240);

    expect(clock.toPage(1000)).toEqual({ atMs: 1240, errorBoundMs: 15 });
  });

  it('[BR10] what sounded before a step keeps its instant, and nothing new sounds while the output stands still', () => {
    const clock = new OutputClock();
    read(clock, 0, 15, 200);
    read(clock, 150, 4, 240);

    // The step lies between the readings at 140 and 150.
    expect([100, 144, 146].map((contextMs) => clock.toPage(contextMs)?.atMs)).toEqual([
      300, 344, 386,
    ]);
    expect([300, 344, 360, 384, 386].map((atMs) => clock.toContextMs(atMs as PageMs))).toEqual([
      100, 144, 145, 145, 146,
    ]);
  });

  it('[BR10] a latency that comes in steps of a device buffer says so in its bound', () => {
    const clock = new OutputClock();
    clock.add({ ...exact(100, 300), ageMs: 25, extraBoundMs: 25 });

    expect(clock.toPage(100)).toEqual({ atMs: 300, errorBoundMs: 40 });
  });

  /** Readings every 20 ms of a context that renders blocks of 21 ms, so `currentTime` is up to 21 ms old. */
  function readOld(clock: OutputClock, fromMs: number, count: number, offsetMs: number): void {
    for (let index = 0; index < count; index += 1) {
      const trueMs = fromMs + index * 20;
      const atMs = (trueMs + offsetMs) as PageMs;
      clock.add({ contextMs: Math.floor(trueMs / 21) * 21, atMs, ageMs: 25, extraBoundMs: 25 });
    }
  }

  it('[BR18] of readings that may be old the earliest is right, and their age does not widen the bound', () => {
    const clock = new OutputClock();
    readOld(clock, 1000, 15, 200);

    const { atMs, errorBoundMs } = clock.toPage(2000) ?? {};
    expect(Math.abs((atMs ?? 0) - 2200)).toBeLessThanOrEqual(7);
    expect(errorBoundMs).toBe(40);
  });

  it('[BR18] an output that steps back is followed at once, one that steps on after four old readings', () => {
    const clock = new OutputClock();
    readOld(clock, 1000, 15, 200);
    readOld(clock, 1300, 15, 160);
    expect(Math.abs((clock.toPage(2000)?.atMs ?? 0) - 2160)).toBeLessThanOrEqual(7);

    readOld(clock, 1600, 4, 260);

    const { atMs = 0, errorBoundMs = 0 } = clock.toPage(2000) ?? {};
    expect(Math.abs(atMs - 2260)).toBeLessThanOrEqual(errorBoundMs);
  });

  it('[BR18] a single old reading does not disturb exact ones, and a whole window of them replaces them', () => {
    const clock = new OutputClock();
    read(clock, 0, 15, 200);
    readOld(clock, 200, 14, 250);
    expect(clock.toPage(1000)).toEqual({ atMs: 1200, errorBoundMs: 15 });

    readOld(clock, 480, 1, 250);

    expect(clock.toPage(1000)?.errorBoundMs).toBe(40);
  });
});
