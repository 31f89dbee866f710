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

/** Messages that a listener may send a second. A reporter sends about 20, and a few more after a reload. */
const MESSAGES_PER_SECOND = 100;

/**
 * How often a listener may join. A page joins several times in a row when it is reloaded or its network breaks. Each join
 * costs the agent much: it sends again what was not heard.
 */
const JOINS_PER_SECOND = 1;
const JOINS_AT_ONCE = 10;

/** The limits of one listener [LW12]. */
export interface ListenerLimits {
  readonly messages: RateLimit;
  readonly joins: RateLimit;
}

/** @param messagesPerSecond - Default 100. */
export function listenerLimits(messagesPerSecond: number = MESSAGES_PER_SECOND): ListenerLimits {
  return {
    messages: new RateLimit(messagesPerSecond),
    joins: new RateLimit(JOINS_PER_SECOND, JOINS_AT_ONCE),
  };
}
