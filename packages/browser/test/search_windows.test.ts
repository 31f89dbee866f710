import { describe, expect, it } from 'vitest';
import { FrameClock } from '../src/reporter/frame_clock.ts';
import { SearchWindows } from '../src/reporter/search_windows.ts';
import type { PageMs } from '../src/shared/page_clock.ts';

/** Readings every 20 ms of a context that lags the page by `lagMs`. */
function read(clock: FrameClock, fromMs: number, toMs: number, lagMs: number): void {
  for (let atMs = fromMs; atMs < toMs; atMs += 20)
    clock.add({ contextMs: atMs - lagMs, atMs: atMs as PageMs, ageMs: 0, extraBoundMs: 0 });
}

describe('where a piece is searched for', () => {
  it('[RP2] as long after the last piece found as it left the agent after that one', () => {
    const clock = new FrameClock();
    read(clock, 0, 12_000, 40);
    const windows = new SearchWindows(clock);
    windows.found(48_000, 5000);

    const { fromFrame, toFrame } = windows.windowOf(8000, false, 200_000);

    expect((fromFrame + toFrame) / 2).toBeCloseTo(48_000 + 3000 * 48, 0);
    expect(toFrame - fromFrame).toBe(500 * 48);
  });

  it('[RP2] in a narrower window soon after another piece, where the end of that sentence may resemble it', () => {
    const clock = new FrameClock();
    read(clock, 0, 12_000, 40);
    const windows = new SearchWindows(clock);
    windows.found(48_000, 5000);
    const widthMs = (leavesAtMs: number, isInner: boolean): number => {
      const { fromFrame, toFrame } = windows.windowOf(leavesAtMs, isInner, 200_000);
      return (toFrame - fromFrame) / 48;
    };

    expect([widthMs(5900, false), widthMs(6100, false)]).toEqual([300, 500]);
    expect([widthMs(7900, true), widthMs(8100, true)]).toEqual([300, 500]);
  });

  it('[RP2] and, if the output has stalled in between, also where the clock puts it', () => {
    const clock = new FrameClock();
    read(clock, 0, 3000, 40);
    const windows = new SearchWindows(clock);
    windows.found(48_000, 5000);
    read(clock, 3000, 12_000, 910);

    const { fromFrame, toFrame } = windows.windowOf(8000, false, 200_000);

    // 870 ms of frames are missing if the jitter buffer dropped what waited for them.
    expect(fromFrame).toBeLessThan(48_000 + (3000 - 870 - 200) * 48);
    expect(toFrame).toBeGreaterThan(48_000 + (3000 + 200) * 48);
  });
});
