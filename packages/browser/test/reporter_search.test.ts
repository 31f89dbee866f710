import { describe, expect, it } from 'vitest';
import { FingerprintSearch } from '../src/reporter/fingerprint_search.ts';
import { FrameClock } from '../src/reporter/frame_clock.ts';
import type { PageMs } from '../src/shared/page_clock.ts';

/** Readings every 20 ms of a context that lags the page by so much. */
function read(clock: FrameClock, fromMs: number, toMs: number, lagMs: number): void {
  for (let atMs = fromMs; atMs < toMs; atMs += 20)
    clock.add({ contextMs: atMs - lagMs, atMs: atMs as PageMs, extraBoundMs: 0 });
}

describe('where a piece is looked for', () => {
  it('[RP2] as long behind the one found last as it left behind it', () => {
    const clock = new FrameClock();
    read(clock, 0, 12_000, 40);
    const search = new FingerprintSearch(clock);
    search.found(48_000, 5000);

    const { fromFrame, toFrame } = search.windowOf(8000, false, 200_000);

    expect((fromFrame + toFrame) / 2).toBeCloseTo(48_000 + 3000 * 48, 0);
    expect(toFrame - fromFrame).toBe(500 * 48);
  });

  it('[RP2] in less room soon behind another piece, where the end of that sentence may sound like it', () => {
    const clock = new FrameClock();
    read(clock, 0, 12_000, 40);
    const search = new FingerprintSearch(clock);
    search.found(48_000, 5000);
    const roomMs = (leavesAtMs: number, isInner: boolean): number => {
      const { fromFrame, toFrame } = search.windowOf(leavesAtMs, isInner, 200_000);
      return (toFrame - fromFrame) / 48;
    };

    expect([roomMs(5900, false), roomMs(6100, false)]).toEqual([300, 500]);
    expect([roomMs(7900, true), roomMs(8100, true)]).toEqual([300, 500]);
  });

  it('[RP2] and, when the output stood still meanwhile, where it is by the clock', () => {
    const clock = new FrameClock();
    read(clock, 0, 3000, 40);
    const search = new FingerprintSearch(clock);
    search.found(48_000, 5000);
    read(clock, 3000, 12_000, 910);

    const { fromFrame, toFrame } = search.windowOf(8000, false, 200_000);

    // 870 ms of frames are missing, if what waited for them was thrown away.
    expect(fromFrame).toBeLessThan(48_000 + (3000 - 870 - 200) * 48);
    expect(toFrame).toBeGreaterThan(48_000 + (3000 + 200) * 48);
  });
});
