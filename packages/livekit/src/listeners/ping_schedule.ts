import type { AgentMs } from '@oncue/core';

/**
 * Pings right after a listener joined, so that its clock is mapped within a quarter of a second: of six round trips at least
 * one is short, even on a busy network.
 */
const BURST_PINGS = 6;
const BURST_INTERVAL_MS = 40;

/** A network that gave no good round trip in so many pings is a bad one. Half as many a second then measure as well. */
const MANY_PINGS = 64;

/** A clock that is known well, and drifts, needs no more than this. */
const CALM_INTERVAL_MS = 1000;

/** A listener that is quiet for so many intervals, and has not answered a ping for so many, is overdue. */
const OVERDUE_QUIET = 2.25;
const OVERDUE_UNANSWERED = 1.25;

/** What is known of a listener when it is asked whether a ping is due. */
export interface PingNeed {
  readonly nowMs: AgentMs;
  /** More round trips would not make its clock better known. */
  readonly isClockKnown: boolean;
  /** A response is under way that it should report. */
  readonly isPlaying: boolean;
}

/**
 * When a listener is pinged. Each ping and its answer are packets on the connection that carries the voices, so there are no
 * more than are needed: often while its clock is not known well, and when it is quiet though something plays; else once a
 * second. Reads no clock.
 */
export class PingSchedule {
  readonly #intervalMs: number;
  #count = 0;
  #pingedAtMs: AgentMs;
  #heardAtMs: AgentMs;
  /** The first ping since it was heard of last. */
  #unansweredAtMs: AgentMs | undefined;

  /** @param intervalMs - the shortest, after the first pings. */
  constructor(intervalMs: number, nowMs: AgentMs) {
    this.#intervalMs = intervalMs;
    this.#pingedAtMs = nowMs;
    this.#heardAtMs = nowMs;
  }

  /** The listener joined: its clock is not known. */
  restart(): void {
    this.#count = 0;
  }

  heard(nowMs: AgentMs): void {
    this.#heardAtMs = nowMs;
    this.#unansweredAtMs = undefined;
  }

  pinged(nowMs: AgentMs): void {
    this.#count += 1;
    this.#pingedAtMs = nowMs;
    this.#unansweredAtMs ??= nowMs;
  }

  /** When it was heard of last. */
  get heardAtMs(): AgentMs {
    return this.#heardAtMs;
  }

  /** Time until the next ping is due, if it is not heard of before; 0: now. */
  dueInMs(need: PingNeed): number {
    const sincePingMs = need.nowMs - this.#pingedAtMs;
    if (this.#count === 0) return 0;
    if (this.#count < BURST_PINGS) return Math.max(0, BURST_INTERVAL_MS - sincePingMs);
    const untilNextMs = Math.max(0, this.#intervalMs - sincePingMs);
    if (this.#unansweredAtMs !== undefined) return untilNextMs;
    if (!need.isClockKnown) {
      const intervalMs = this.#count < MANY_PINGS ? this.#intervalMs : 2 * this.#intervalMs;
      return Math.max(0, intervalMs - sincePingMs);
    }
    const untilCalmMs = Math.max(0, Math.max(this.#intervalMs, CALM_INTERVAL_MS) - sincePingMs);
    if (!need.isPlaying) return untilCalmMs;
    const untilQuietMs = Math.max(0, this.#intervalMs - (need.nowMs - this.#heardAtMs));
    return Math.min(untilCalmMs, untilQuietMs);
  }

  /** Time until it is overdue if it is not heard of before; 0: it is. Endless if it was not asked anything. */
  overdueInMs(nowMs: AgentMs): number {
    if (this.#unansweredAtMs === undefined) return Number.POSITIVE_INFINITY;
    const quietUntilMs = this.#heardAtMs + OVERDUE_QUIET * this.#intervalMs;
    const waitUntilMs = this.#unansweredAtMs + OVERDUE_UNANSWERED * this.#intervalMs;
    return Math.max(0, Math.max(quietUntilMs, waitUntilMs) - nowMs);
  }
}
