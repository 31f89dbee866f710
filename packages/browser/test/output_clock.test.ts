import { describe, expect, it } from 'vitest';
import { OutputClock } from '../src/shared/output_clock.ts';
import type { PageMs } from '../src/shared/page_clock.ts';

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
    clock.add(contextMs, (contextMs + offsetMs + bounceMs(index)) as PageMs);
  }
}

describe('the clock of the output', () => {
  it('[BR10] knows nothing before the first reading, and forgets when the device changes', () => {
    const clock = new OutputClock();
    expect(clock.toPage(0)).toBeUndefined();
    clock.add(100, 250 as PageMs);
    expect(clock.toPage(300)).toEqual({ atMs: 450, errorBoundMs: 5 });
    expect(clock.toContextMs(450 as PageMs)).toBe(300);

    clock.reset();

    expect(clock.toPage(0)).toBeUndefined();
  });

  it('[BR10] a reading that bounces does not move it, and widens the bound', () => {
    const clock = new OutputClock();
    read(clock, 0, 15, 200, (index) => (index === 14 ? 9 : 0));

    expect(clock.toPage(1000)).toEqual({ atMs: 1200, errorBoundMs: 14 });
  });

  it('[BR10] a real step is followed after four readings', () => {
    const clock = new OutputClock();
    read(clock, 0, 15, 200);
    read(clock, 150, 3, 240);
    expect(clock.toPage(1000)?.atMs).toBe(1200);

    read(clock, 180, 1, 240);

    expect(clock.toPage(1000)).toEqual({ atMs: 1240, errorBoundMs: 5 });
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
    clock.add(100, 300 as PageMs, 25);

    expect(clock.toPage(100)).toEqual({ atMs: 300, errorBoundMs: 30 });
  });
});
