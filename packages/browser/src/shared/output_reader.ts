import { NEVER } from './never.ts';
import type { OutputReading } from './output_clock.ts';
import { nowMs, type PageMs } from './page_clock.ts';
import {
  ASSUMED_LATENCY_MS,
  BROKEN_PAIRS,
  CLOCK_READINGS,
  CLOCK_STEPS_MS,
  DEVICE_SETTLED_MS,
  LATENCY_ONLY_BOUND_MS,
  LATENCY_READ_MS,
  LATENCY_WANTED_MS,
  LONGEST_LATENCY_MS,
  PAIRS_TOLD_APART_FROM_MS,
  PLAUSIBLE_MS,
  UNKNOWN_LATENCY_BOUND_MS,
} from './tuning.ts';

/** The part of an `AudioContext` that is read here. */
export interface ReadableOutput {
  readonly state: string;
  readonly currentTime: number;
  readonly baseLatency?: number;
  readonly outputLatency?: number;
  getOutputTimestamp?(): { readonly contextTime?: number; readonly performanceTime?: number };
}

/**
 * Reads when a frame that a context renders reaches the ear. Only a page can; a worker has no contexts.
 *
 * A pair is what `getOutputTimestamp` returns. By the standard the frame at `contextTime` sounds at `performanceTime`. Browsers
 * differ. They are told apart by what their values do, never by name:
 *
 * | what the values do | seen in | reading | added to the bound |
 * | --- | --- | --- | --- |
 * | as the standard says | Chromium | the pair | 0 |
 * | `performanceTime` is `contextTime` after the last block was rendered | WebKitGTK | no pair; `currentTime` sounds at now + `outputLatency` | 25 ms |
 * | a pair from the first 100 ms of a context, in which these two look alike | all | the same | 25 ms |
 * | `contextTime` falls more than 1 s behind `currentTime` | Safari, by reports | the same | 25 ms |
 * | no pair, or `performanceTime` is 0 or not near now | any browser before its device starts | the same | 25 ms |
 * | one of these, and `outputLatency` is 0 or missing | WebKitGTK, Safari before 18.4 | `currentTime` sounds at now + `baseLatency` + 40 ms | 250 ms |
 * | `baseLatency` is 0: a question about the latency may stop the page for ever | Firefox | it is never asked: the same | 250 ms |
 * | `currentTime` stands still in a running context | iOS after a phone call | none | – |
 * | `performance.now` moves in steps of 1, 16.7 or 100 ms | Firefox, WebKit; private modes | as above | the step |
 *
 * Steps of the device's latency are the business of `OutputClock`.
 */
export class OutputReader {
  readonly #context: ReadableOutput;
  readonly #now: () => PageMs;
  #lastPairMs = 0;
  #lastCurrentMs: number | undefined;
  /** Pairs in a row that look broken. */
  #brokenCount = 0;
  #askLatencyAtMs = -NEVER;
  /** The latest answer to a question for `outputLatency`, in seconds. */
  latency: number | undefined;
  #clockSteps = CLOCK_STEPS_MS;
  #clockReadings = 0;

  constructor(context: ReadableOutput, now: () => PageMs = nowMs) {
    this.#context = context;
    this.#now = now;
  }

  /** @returns `undefined` while the browser reports nothing, or nothing new. */
  read(): OutputReading | undefined {
    if (this.#context.state !== 'running') return undefined;
    const now = this.#now();
    const extraBoundMs = this.#clockStepMs(now);
    let hasMoved = false;
    if (!this.#hangs && this.#brokenCount < BROKEN_PAIRS) {
      const { contextTime = 0, performanceTime = 0 } = this.#context.getOutputTimestamp?.() ?? {};
      const contextMs = contextTime * 1000;
      const lagMs = this.#context.currentTime * 1000 - contextMs;
      if (isPlausible(contextMs, lagMs, performanceTime, now)) {
        // Some browsers repeat a reading until the device takes its next buffer.
        if (contextMs === this.#lastPairMs) return undefined;
        this.#lastPairMs = contextMs;
        if (this.#isSound(performanceTime - now, contextMs))
          return { contextMs, atMs: performanceTime as PageMs, ageMs: 0, extraBoundMs };
        hasMoved = true;
      }
    }
    return this.#readLatency(now, extraBoundMs, hasMoved);
  }

  /** The device has changed, and its latency with it. */
  deviceChanged(): void {
    this.#askLatencyAtMs = -NEVER;
  }

  /**
   * Whether a question about the latency may stop the page for ever, as in Firefox: it is forwarded to the process of the sound
   * device while the main thread holds a lock of the thread that renders. `baseLatency` is a constant there.
   */
  get #hangs(): boolean {
    return this.#context.baseLatency === 0 && 'outputLatency' in this.#context;
  }

  /** A sound pair is about now, however long the context has run. The broken kind is ahead of now by as long as it has run. */
  #isSound(aheadMs: number, contextMs: number): boolean {
    if (contextMs < PAIRS_TOLD_APART_FROM_MS) return false;
    const looksBroken = aheadMs > contextMs / 2;
    this.#brokenCount = looksBroken ? this.#brokenCount + 1 : 0;
    return !looksBroken;
  }

  /** @param hasMoved - whether a pair has shown that the output runs. */
  #readLatency(now: PageMs, extraBoundMs: number, hasMoved: boolean): OutputReading | undefined {
    const contextMs = this.#context.currentTime * 1000;
    const before = this.#lastCurrentMs;
    this.#lastCurrentMs = contextMs;
    // Before its device starts, or after a phone call, a context claims to run but stands still.
    if (!hasMoved && (before === undefined || before === contextMs)) return undefined;
    // Firefox lets the context run before its device does.
    if (this.#hangs && contextMs < DEVICE_SETTLED_MS) return undefined;
    if (!this.#hangs && now >= this.#askLatencyAtMs) {
      this.latency = this.#context.outputLatency;
      this.#askLatencyAtMs = now + (this.latency ? LATENCY_READ_MS : LATENCY_WANTED_MS);
    }
    const baseMs = (this.#context.baseLatency ?? 0) * 1000;
    const latencyMs = this.latency ? this.latency * 1000 : baseMs + ASSUMED_LATENCY_MS;
    const boundMs = this.latency ? LATENCY_ONLY_BOUND_MS : UNKNOWN_LATENCY_BOUND_MS;
    return {
      contextMs,
      atMs: (now + latencyMs) as PageMs,
      ageMs: LATENCY_ONLY_BOUND_MS,
      extraBoundMs: boundMs + extraBoundMs,
    };
  }

  /** The step in which the page's clock moves; 0 if it is fine, or not known yet. */
  #clockStepMs(now: PageMs): number {
    this.#clockSteps = this.#clockSteps.filter((stepMs) => {
      const steps = now / stepMs;
      return Math.abs(steps - Math.round(steps)) < 0.001;
    });
    this.#clockReadings += 1;
    return this.#clockReadings < CLOCK_READINGS ? 0 : (this.#clockSteps[0] ?? 0);
  }
}

function isPlausible(contextMs: number, lagMs: number, atMs: number, nowAtMs: number): boolean {
  const isNear = atMs > 0 && Math.abs(atMs - nowAtMs) < PLAUSIBLE_MS;
  return isNear && contextMs > 0 && lagMs < LONGEST_LATENCY_MS;
}
