import type { PageMs } from '../shared/page_clock.ts';
import type { FrameClock } from './frame_clock.ts';
import { FRAMES_PER_MS } from './frame_rate.ts';
import {
  FIRST_AFTER_MS,
  FIRST_BEFORE_MS,
  INNER_WITHIN_MS,
  MISSES_TO_FORGET,
  NEAR_WINDOW_MS,
  START_WINDOW_MS,
  START_WITHIN_MS,
} from './tuning.ts';

/** Where the first sample of a sound may lie among the rendered frames. */
export interface SearchWindow {
  readonly fromFrame: number;
  readonly toFrame: number;
}

/**
 * Chooses the window in which each piece is searched for: as long after the last piece found as it left the agent after that
 * one, across responses and the silence between them. Searches do not wait for each other. Pure.
 */
export class SearchWindows {
  #lastFrame = 0;
  #lastLeavesAtMs: number | undefined;
  #missedCount = 0;
  readonly #clock: FrameClock;

  constructor(clock: FrameClock) {
    this.#clock = clock;
  }

  /** Where a piece is expected that leaves the agent at that instant; `undefined` before any was found. */
  expectedFrame(leavesAtMs: number): number | undefined {
    if (this.#lastLeavesAtMs === undefined) return undefined;
    return this.#lastFrame + (leavesAtMs - this.#lastLeavesAtMs) * FRAMES_PER_MS;
  }

  /**
   * @param isInner Part of the same response has been found.
   * @param renderedFrames Frames rendered when the fingerprint arrived.
   */
  windowOf(leavesAtMs: number, isInner: boolean, renderedFrames: number): SearchWindow {
    const expected = this.expectedFrame(leavesAtMs);
    if (expected === undefined) {
      return {
        fromFrame: Math.max(0, renderedFrames - FIRST_BEFORE_MS * FRAMES_PER_MS),
        toFrame: renderedFrames + FIRST_AFTER_MS * FRAMES_PER_MS,
      };
    }
    const sinceMs = (expected - this.#lastFrame) / FRAMES_PER_MS;
    const isNear = sinceMs < (isInner ? INNER_WITHIN_MS : START_WITHIN_MS);
    const margin = (isNear ? NEAR_WINDOW_MS : START_WINDOW_MS) * FRAMES_PER_MS;
    const last = this.#clock.toPage(this.#lastFrame);
    // As long after the last piece on the page's clock, whatever its output did in between.
    const byClock = (last && this.#clock.toFrame((last.atMs + sinceMs) as PageMs)) ?? expected;
    // A short stall delays what is in the jitter buffer. After a long one the buffer catches up, and frames are missing.
    const other = Math.abs(byClock - expected) > margin / 2 ? byClock : expected;
    return {
      fromFrame: Math.max(0, Math.min(expected, other) - margin),
      toFrame: Math.max(expected, other) + margin,
    };
  }

  found(frame: number, leavesAtMs: number): void {
    this.#missedCount = 0;
    if (this.#lastLeavesAtMs !== undefined && leavesAtMs < this.#lastLeavesAtMs) return;
    this.#lastFrame = frame;
    this.#lastLeavesAtMs = leavesAtMs;
  }

  missed(): void {
    this.#missedCount += 1;
    if (this.#missedCount >= MISSES_TO_FORGET) this.forget();
  }

  /** Earlier matches do not predict the next one any more: the track is another, or the graph has stalled. */
  forget(): void {
    this.#lastLeavesAtMs = undefined;
    this.#missedCount = 0;
  }
}
