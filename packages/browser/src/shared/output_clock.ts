import type { PageMs } from './page_clock.ts';
import { DEVICE_BOUND_MS, READINGS_KEPT, READINGS_OF_STEP, STEP_MS, STEPS_KEPT } from './tuning.ts';

/** An instant on the page's clock. The true instant is at most `errorBoundMs` away. */
export interface PageInstant {
  readonly atMs: PageMs;
  readonly errorBoundMs: number;
}

/** A reading of the browser's output: at `atMs` it plays `contextMs` of the context's timeline. */
export interface OutputReading {
  /** On the context's timeline, in ms. */
  readonly contextMs: number;
  readonly atMs: PageMs;
  /** Added to the error bound: for a browser that reports only latencies. */
  readonly extraBoundMs: number;
}

/** A reading that is kept. */
interface Reading {
  readonly contextMs: number;
  /** Page clock minus context time. */
  readonly offsetMs: number;
}

/** The offset before a step of the output. */
interface Stretch {
  readonly untilContextMs: number;
  readonly offsetMs: number;
}

/**
 * Converts between the context's timeline and the instants at which it is heard, on the page's clock. Single readings of the
 * browser jitter, so it uses the median of the latest ones, and starts afresh when the output makes a real step. What sounded
 * before the step keeps its instant.
 *
 * Pure: every call passes its instants.
 */
export class OutputClock {
  /** Oldest first. */
  #readings: Reading[] = [];
  #past: Stretch[] = [];
  #medianMs: number | undefined;
  #spreadMs = 0;
  #extraBoundMs = 0;

  /** Whether there has been a reading. */
  get isSet(): boolean {
    return this.#medianMs !== undefined;
  }

  /**
   * Takes a reading: at `pageMs` the output plays `contextMs` of the context's timeline.
   *
   * @param extraBoundMs Added to the error bound: for a browser that reports only latencies.
   */
  add(contextMs: number, pageMs: PageMs, extraBoundMs = 0): void {
    this.#extraBoundMs = extraBoundMs;
    this.#readings.push({ contextMs, offsetMs: pageMs - contextMs });
    if (this.#readings.length > READINGS_KEPT) this.#readings.shift();
    this.#followStep();
    const offsets = offsetsOf(this.#readings);
    const middle = median(offsets);
    this.#medianMs = middle;
    this.#spreadMs = Math.max(...offsets.map((one) => Math.abs(one - middle)));
  }

  /** Forgets all readings, because the device has changed. */
  reset(): void {
    this.#readings = [];
    this.#past = [];
    this.#medianMs = undefined;
  }

  /** When the frame at `contextMs` of the context's timeline sounds; `undefined` before the first reading. */
  toPage(contextMs: number): PageInstant | undefined {
    if (this.#medianMs === undefined) return undefined;
    const stretch = this.#past.find((one) => contextMs < one.untilContextMs);
    return {
      atMs: (contextMs + (stretch?.offsetMs ?? this.#medianMs)) as PageMs,
      errorBoundMs: this.errorBoundMs ?? 0,
    };
  }

  /** What sounds at `pageMs`, on the context's timeline; `undefined` before the first reading. */
  toContextMs(pageMs: PageMs): number | undefined {
    if (this.#medianMs === undefined) return undefined;
    let playedMs = Number.NEGATIVE_INFINITY;
    for (const { untilContextMs, offsetMs } of this.#past) {
      if (pageMs - offsetMs < untilContextMs) return Math.max(playedMs, pageMs - offsetMs);
      playedMs = untilContextMs;
    }
    // While the output is stalled it plays nothing new.
    return Math.max(playedMs, pageMs - this.#medianMs);
  }

  /** Of the instants that `toPage` returns; `undefined` before the first reading. */
  get errorBoundMs(): number | undefined {
    if (this.#medianMs === undefined) return undefined;
    return DEVICE_BOUND_MS + this.#spreadMs + this.#extraBoundMs;
  }

  #followStep(): void {
    if (this.#readings.length <= READINGS_OF_STEP) return;
    const before = this.#readings.slice(0, -READINGS_OF_STEP);
    const latest = this.#readings.slice(-READINGS_OF_STEP);
    const offsets = offsetsOf(latest);
    const agree = Math.max(...offsets) - Math.min(...offsets) < STEP_MS;
    const offsetMs = median(offsetsOf(before));
    if (!agree || Math.abs(median(offsets) - offsetMs) <= STEP_MS) return;
    const from = before.at(-1)?.contextMs ?? 0;
    const untilContextMs = (from + (latest[0]?.contextMs ?? from)) / 2;
    this.#past = [...this.#past, { untilContextMs, offsetMs }].slice(-STEPS_KEPT);
    this.#readings = latest;
  }
}

function offsetsOf(readings: readonly Reading[]): number[] {
  return readings.map(({ offsetMs }) => offsetMs);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? 0;
  const lower = sorted[(sorted.length - 1) >> 1] ?? 0;
  return (lower + upper) / 2;
}
