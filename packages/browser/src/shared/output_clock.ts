import { NEVER } from './never.ts';
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
  /** `contextMs` may be this old, and then the instant is too late by as much, but never too early. 0: the pair is exact. */
  readonly ageMs: number;
  /** Added to the error bound: for a browser that reports only latencies, or has a coarse clock. */
  readonly extraBoundMs: number;
}

/** A reading that is kept. */
interface Reading {
  readonly contextMs: number;
  readonly ageMs: number;
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
 * before the step keeps its instant. Of readings that may be old it uses the earliest, and none while there are exact ones.
 *
 * Pure: every call passes its instants.
 */
export class OutputClock {
  /** Oldest first. */
  #readings: Reading[] = [];
  #past: Stretch[] = [];
  #medianMs: number | undefined;
  #errorBoundMs = 0;
  /** Old readings since the last exact one. */
  #oldCount = 0;

  /** Takes a reading. */
  add({ contextMs, atMs, ageMs, extraBoundMs }: OutputReading): void {
    // Exact readings are worth more than old ones, which browsers give before their device has started.
    this.#oldCount = ageMs > 0 ? this.#oldCount + 1 : 0;
    if (ageMs !== this.#readings.at(-1)?.ageMs) {
      if (this.#readings.length > 0 && this.#oldCount > 0 && this.#oldCount < READINGS_KEPT) return;
      this.#readings = [];
    }
    const latest = { contextMs, ageMs, offsetMs: atMs - contextMs };
    this.#readings = [...this.#readings, latest].slice(-READINGS_KEPT);
    this.#followStep(ageMs);
    const middle = middleOf(this.#readings);
    this.#medianMs = middle;
    // Of old readings all but the latest show only how old they were.
    const telling = ageMs > 0 ? [latest] : this.#readings;
    const farthest = Math.max(...telling.map((one) => Math.abs(one.offsetMs - middle)));
    this.#errorBoundMs = DEVICE_BOUND_MS + Math.max(0, farthest - ageMs) + extraBoundMs;
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
      errorBoundMs: this.#errorBoundMs,
    };
  }

  /** What sounds at `pageMs`, on the context's timeline; `undefined` before the first reading. */
  toContextMs(pageMs: PageMs): number | undefined {
    if (this.#medianMs === undefined) return undefined;
    let playedMs = -NEVER;
    for (const { untilContextMs, offsetMs } of this.#past) {
      if (pageMs - offsetMs < untilContextMs) return Math.max(playedMs, pageMs - offsetMs);
      playedMs = untilContextMs;
    }
    // While the output is stalled it plays nothing new.
    return Math.max(playedMs, pageMs - this.#medianMs);
  }

  #followStep(ageMs: number): void {
    if (this.#readings.length <= READINGS_OF_STEP) return;
    const stepMs = STEP_MS + ageMs;
    const before = this.#readings.slice(0, -READINGS_OF_STEP);
    const latest = this.#readings.slice(-READINGS_OF_STEP);
    const offsets = offsetsOf(latest);
    const agree = Math.max(...offsets) - Math.min(...offsets) < stepMs;
    const offsetMs = middleOf(before);
    if (!agree || Math.abs(middleOf(latest) - offsetMs) <= stepMs) return;
    const from = before.at(-1)?.contextMs ?? 0;
    const untilContextMs = (from + (latest[0]?.contextMs ?? from)) / 2;
    this.#past = [...this.#past, { untilContextMs, offsetMs }].slice(-STEPS_KEPT);
    this.#readings = latest;
  }
}

function offsetsOf(readings: readonly Reading[]): number[] {
  return readings.map(({ offsetMs }) => offsetMs);
}

/** Of exact readings the median, of old ones the earliest. */
function middleOf(readings: readonly Reading[]): number {
  const sorted = offsetsOf(readings).sort((a, b) => a - b);
  const at = (place: number): number => sorted[place] ?? 0;
  if (readings[0]?.ageMs) return at(0);
  return (at(sorted.length >> 1) + at((sorted.length - 1) >> 1)) / 2;
}
