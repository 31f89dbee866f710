import type { OutputReading } from '../shared/output_clock.ts';
import { OutputClock, type PageInstant } from '../shared/output_clock.ts';
import type { PageMs } from '../shared/page_clock.ts';
import { FRAMES_PER_MS } from './frame_rate.ts';
import type { TapMode } from './tap_mode.ts';

/** How far the agent's audio, as it is heard, is from what our graph renders. */
interface OutputShift {
  /** Added to each instant. */
  readonly shiftMs: number;
  /** Added to the error bound of each instant. */
  readonly boundMs: number;
}

const SAME_GRAPH: OutputShift = { shiftMs: 0, boundMs: 0 };

/** By what plays the agent's audio. */
const SHIFTS: Readonly<Record<TapMode, OutputShift>> = {
  graph: SAME_GRAPH,
  plugin: SAME_GRAPH,
  // Beside our graph. In the measured runs elements were earlier by 21 ms (median), and within 5 ms of that in 19 of 20. Only
  // one sound device was measured.
  element: { shiftMs: -21, boundMs: 25 },
  // Another graph has an output latency of its own.
  other: { shiftMs: 0, boundMs: 30 },
};

/** Converts between frames that the worklet rendered and instants of the page's clock. Pure. */
export class FrameClock {
  /** What plays the agent's audio. */
  mode: TapMode;
  /** The context's frame count minus that of the worklet, as the worklet reports it. */
  frameOffset = 0;
  readonly #output = new OutputClock();

  constructor(mode: TapMode = 'graph') {
    this.mode = mode;
  }

  add(reading: OutputReading): void {
    this.#output.add(reading);
  }

  /** Forgets all readings, because the device has changed. */
  reset(): void {
    this.#output.reset();
  }

  /** When a frame sounds; `undefined` before the first reading. */
  toPage(frame: number): PageInstant | undefined {
    const instant = this.#output.toPage((frame + this.frameOffset) / FRAMES_PER_MS);
    if (!instant) return undefined;
    const { shiftMs, boundMs } = SHIFTS[this.mode];
    return {
      atMs: (instant.atMs + shiftMs) as PageMs,
      errorBoundMs: instant.errorBoundMs + boundMs,
    };
  }

  /** The frame that sounds at that instant; `undefined` before the first reading. */
  toFrame(pageMs: PageMs): number | undefined {
    const contextMs = this.#output.toContextMs((pageMs - SHIFTS[this.mode].shiftMs) as PageMs);
    return contextMs === undefined ? undefined : contextMs * FRAMES_PER_MS - this.frameOffset;
  }
}
