import type { OutputReading } from './output_clock.ts';
import { nowMs, type PageMs } from './page_clock.ts';
import { LATENCY_ONLY_BOUND_MS, PLAUSIBLE_MS } from './tuning.ts';

/** Reads what a context plays at which instant. Only a page can; a worker has no contexts. */
export class OutputReader {
  readonly #context: AudioContext;
  #lastReading = 0;

  constructor(context: AudioContext) {
    this.#context = context;
  }

  /** @returns `undefined` while the browser reports nothing, or nothing new. */
  read(): OutputReading | undefined {
    const { state, currentTime } = this.#context;
    if (state !== 'running') return undefined;
    const now = nowMs();
    const { contextTime = 0, performanceTime = 0 } = this.#context.getOutputTimestamp?.() ?? {};
    if (contextTime > 0 && Math.abs(performanceTime - now) < PLAUSIBLE_MS) {
      // Some browsers repeat a reading until the device takes its next buffer.
      if (contextTime === this.#lastReading) return undefined;
      this.#lastReading = contextTime;
      return { contextMs: contextTime * 1000, atMs: performanceTime as PageMs, extraBoundMs: 0 };
    }
    const { latencyMs } = this;
    if (latencyMs === undefined || currentTime === 0) return undefined;
    const atMs = (now + latencyMs) as PageMs;
    return { contextMs: currentTime * 1000, atMs, extraBoundMs: LATENCY_ONLY_BOUND_MS };
  }

  /** From the worklet to the ear, as the browser reports it; `undefined` while it does not. */
  get latencyMs(): number | undefined {
    const seconds = this.#context.outputLatency || this.#context.baseLatency;
    return seconds ? seconds * 1000 : undefined;
  }
}
