import type { PageMs } from './page_clock.ts';

/** An instant on the page's clock, and half the width of the interval in which the true one lies. */
export interface PageInstant {
  readonly atMs: PageMs;
  readonly errorBoundMs: number;
}

/**
 * Readings kept. The player reads 50 times a second while something plays, so they span 300 ms: long enough for a
 * median that a single reading does not move, short enough to lose nothing of a clock that drifts by 100 ppm.
 */
const READINGS_KEPT = 15;

/** Fewer readings that agree with each other, but not with the rest, are a real step of the output. */
const READINGS_OF_STEP = 4;

/**
 * Readings of a steady output lie within 1 ms of their median (p95, Chromium); when the output stalls it steps by 4 to
 * 70 ms. Between the two.
 */
const STEP_MS = 3;

/**
 * Added to the spread of the readings: `getOutputTimestamp` was 2.6 to 4.8 ms early against a recording of a virtual
 * sound device (Chromium 156, Linux), and no reading of its own can show that.
 */
const DEVICE_BOUND_MS = 5;

/**
 * When what the context renders reaches the ear, on the page's clock: the median of the latest readings of the browser,
 * which bounce, and a new beginning when the output made a real step.
 *
 * Pure: readings and questions bring their instants.
 */
export class OutputClock {
  /** Page clock minus context time, oldest first. */
  #offsetsMs: number[] = [];
  #medianMs: number | undefined;
  #spreadMs = 0;
  #extraBoundMs = 0;

  /** Whether any instant can be told. */
  get isSet(): boolean {
    return this.#medianMs !== undefined;
  }

  /**
   * At `pageMs` the output plays `contextMs` of the context's timeline.
   *
   * @param extraBoundMs By how much the reading may be wrong besides: for a browser that tells latencies only.
   */
  add(contextMs: number, pageMs: PageMs, extraBoundMs = 0): void {
    const offsetMs = pageMs - contextMs;
    this.#extraBoundMs = extraBoundMs;
    this.#offsetsMs.push(offsetMs);
    if (this.#offsetsMs.length > READINGS_KEPT) this.#offsetsMs.shift();
    this.#followStep();
    this.#medianMs = median(this.#offsetsMs);
    const middle = this.#medianMs;
    this.#spreadMs = Math.max(...this.#offsetsMs.map((one) => Math.abs(one - middle)));
  }

  /** Forgets the readings, when the device changed. */
  reset(): void {
    this.#offsetsMs = [];
    this.#medianMs = undefined;
  }

  /** When the frame that begins at `contextMs` sounds. `undefined` before the first reading. */
  toPage(contextMs: number): PageInstant | undefined {
    if (this.#medianMs === undefined) return undefined;
    return {
      atMs: (contextMs + this.#medianMs) as PageMs,
      errorBoundMs: this.errorBoundMs ?? 0,
    };
  }

  /** What sounds at `pageMs`, on the context's timeline. */
  toContextMs(pageMs: PageMs): number | undefined {
    return this.#medianMs === undefined ? undefined : pageMs - this.#medianMs;
  }

  get errorBoundMs(): number | undefined {
    if (this.#medianMs === undefined) return undefined;
    return DEVICE_BOUND_MS + this.#spreadMs + this.#extraBoundMs;
  }

  #followStep(): void {
    const offsets = this.#offsetsMs;
    if (offsets.length <= READINGS_OF_STEP) return;
    const latest = offsets.slice(-READINGS_OF_STEP);
    const agree = Math.max(...latest) - Math.min(...latest) < STEP_MS;
    const before = median(offsets.slice(0, -READINGS_OF_STEP));
    if (agree && Math.abs(median(latest) - before) > STEP_MS) this.#offsetsMs = latest;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? 0;
  const lower = sorted[(sorted.length - 1) >> 1] ?? 0;
  return (lower + upper) / 2;
}
