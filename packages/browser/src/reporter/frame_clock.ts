import { OutputClock, type PageInstant } from '../shared/output_clock.ts';
import type { PageMs } from '../shared/page_clock.ts';
import { FRAMES_PER_MS } from './frame_rate.ts';

/** What the browser said of its output. */
export interface OutputReading {
  readonly contextMs: number;
  readonly atMs: PageMs;
  readonly extraBoundMs: number;
}

/** How far from what our graph renders the ear hears it. */
export interface OutputShift {
  /** Added to each instant. */
  readonly shiftMs: number;
  /** No instant is known better. */
  readonly leastBoundMs: number;
}

/** Our own graph plays. */
export const PLAYED_BY_GRAPH: OutputShift = { shiftMs: 0, leastBoundMs: 0 };

/**
 * An element plays, beside our graph: 21 ms earlier in the middle of the runs that were measured, and within 5 ms of
 * that in 19 of 20; another sound card was not measured.
 */
export const PLAYED_BY_ELEMENT: OutputShift = { shiftMs: -21, leastBoundMs: 25 };

/** Another audio graph plays, with an output latency of its own. */
export const PLAYED_BY_OTHER_GRAPH: OutputShift = { shiftMs: 0, leastBoundMs: 30 };

/** Puts what the worklet rendered on the page's clock, and back. Pure. */
export class FrameClock {
  shift: OutputShift = PLAYED_BY_GRAPH;
  readonly #output = new OutputClock();
  #frameOffset = 0;

  /** Of our frames against the context's: tells the worklet. */
  setFrameOffset(frameOffset: number): void {
    this.#frameOffset = frameOffset;
  }

  add({ contextMs, atMs, extraBoundMs }: OutputReading): void {
    this.#output.add(contextMs, atMs, extraBoundMs);
  }

  get errorBoundMs(): number | undefined {
    const bound = this.#output.errorBoundMs;
    return bound === undefined ? undefined : Math.max(bound, this.shift.leastBoundMs);
  }

  /** The device is another. */
  reset(): void {
    this.#output.reset();
  }

  /** When a frame sounds; `undefined` before the browser told anything. */
  toPage(frame: number): PageInstant | undefined {
    const instant = this.#output.toPage((frame + this.#frameOffset) / FRAMES_PER_MS);
    if (!instant) return undefined;
    const { shiftMs, leastBoundMs } = this.shift;
    return {
      atMs: (instant.atMs + shiftMs) as PageMs,
      errorBoundMs: Math.max(leastBoundMs, instant.errorBoundMs),
    };
  }

  /** What sounds at that instant. */
  toFrame(pageMs: PageMs): number | undefined {
    const contextMs = this.#output.toContextMs((pageMs - this.shift.shiftMs) as PageMs);
    return contextMs === undefined ? undefined : contextMs * FRAMES_PER_MS - this.#frameOffset;
  }
}
