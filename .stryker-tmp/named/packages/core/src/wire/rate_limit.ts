import type { AgentMs } from '../units.ts';

/** Lets through so many a second, with a burst of some more (a token bucket). Costs the same however many come. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: AgentMs | undefined;

  /** @param burst - how many may come at once. Default: `perSecond`. */
  constructor(perSecond: number, burst: number = perSecond) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Counts one, unless it is one too many. */
  allows(nowMs: AgentMs): boolean {
    const sinceMs = nowMs - (this.#atMs ?? nowMs);
    this.#atMs = nowMs;
    this.#tokens = Math.min(this.#burst, this.#tokens + (sinceMs * this.#perSecond) / 1000);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
