import type { PageMs } from '../shared/page_clock.ts';
import type { FrameClock } from './frame_clock.ts';
import { FRAMES_PER_MS } from './frame_rate.ts';

/** Where the first sample of a sound may lie among the rendered frames. */
export interface SearchWindow {
  readonly fromFrame: number;
  readonly toFrame: number;
}

/**
 * Around the expected place. Of 648 segments on three networks none was further off; a wider one would take another
 * sentence with the same beginning for it.
 */
const START_WINDOW_MS = 250;

/**
 * Just behind another piece: the jitter buffer has had little time to move. The end of the sentence before may sound like
 * the beginning of this one, and a place in it came up to 230 ms too early.
 */
const NEAR_WINDOW_MS = 150;

/** The first of all: a fingerprint is sent when its piece leaves, but the one that arrives may be a resent one. */
const FIRST_BEFORE_MS = 400;
const FIRST_BEHIND_MS = 1000;

/** So many in a row that are not where they should be: it is not known any more where they should be. */
const MISSES_TO_FORGET = 2;

/** Since the piece before, on the agent's clock, for `NEAR_WINDOW_MS`: inside a response, and at the start of the next. */
const INNER_WITHIN_MS = 3000;
const START_WITHIN_MS = 1000;

/**
 * In which window each piece is looked for: as far behind the one found last as it left the agent behind it, across
 * responses and the silence between them. Each has a window of its own and waits for no other. Pure.
 */
export class FingerprintSearch {
  #lastFrame = 0;
  #lastLeavesAtMs: number | undefined;
  #missedCount = 0;
  readonly #clock: FrameClock;

  constructor(clock: FrameClock) {
    this.#clock = clock;
  }

  /** Where a piece is expected that leaves the agent then; `undefined` before any was found. */
  expectedFrame(leavesAtMs: number): number | undefined {
    if (this.#lastLeavesAtMs === undefined) return undefined;
    return this.#lastFrame + (leavesAtMs - this.#lastLeavesAtMs) * FRAMES_PER_MS;
  }

  /** @param renderedFrames Rendered when the fingerprint came. */
  windowOf(leavesAtMs: number, isInner: boolean, renderedFrames: number): SearchWindow {
    const expected = this.expectedFrame(leavesAtMs);
    if (expected === undefined || this.#lastLeavesAtMs === undefined) {
      return {
        fromFrame: Math.max(0, renderedFrames - FIRST_BEFORE_MS * FRAMES_PER_MS),
        toFrame: renderedFrames + FIRST_BEHIND_MS * FRAMES_PER_MS,
      };
    }
    const sinceMs = leavesAtMs - this.#lastLeavesAtMs;
    const isNear = sinceMs < (isInner ? INNER_WITHIN_MS : START_WITHIN_MS);
    const aside = (isNear ? NEAR_WINDOW_MS : START_WINDOW_MS) * FRAMES_PER_MS;
    const byClock = this.#expectedByClock(sinceMs) ?? expected;
    // Standing still for a moment moves what is in the jitter buffer; after longer that catches up, and frames are missing.
    const other = Math.abs(byClock - expected) > aside / 2 ? byClock : expected;
    return {
      fromFrame: Math.max(0, Math.min(expected, other) - aside),
      toFrame: Math.max(expected, other) + aside,
    };
  }

  /** As long behind the piece found last on the page's clock, whatever its output did meanwhile. */
  #expectedByClock(sinceMs: number): number | undefined {
    const last = this.#clock.toPage(this.#lastFrame);
    return last && this.#clock.toFrame((last.atMs + sinceMs) as PageMs);
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

  /** What was found says nothing of what comes: another track, or a graph that stood still. */
  forget(): void {
    this.#lastLeavesAtMs = undefined;
    this.#missedCount = 0;
  }
}
