import type { Clock, PlayheadReport, ResponseId } from '@oncue/core';

/** Longer than any output's latency. What lies further ahead is no playhead, and the timeline drops it [LW1]. */
const MAX_AHEAD_MS = 1000;

/** Instants are sums of fractions: closer than this they are the same. */
const SAME_INSTANT_MS = 0.001;

/**
 * Keeps a report of what is about to sound until it does [LW7].
 *
 * A listener knows a start as soon as the sample is rendered, and nothing can take that back. Told then, the news crosses
 * a busy page and the network while the sound waits in the output, and the event comes at the sound instead of after it.
 */
export class ScheduledReports {
  readonly #clock: Clock;
  readonly #take: (report: PlayheadReport) => void;
  readonly #cancels = new Map<ResponseId, () => void>();

  constructor(clock: Clock, take: (report: PlayheadReport) => void) {
    this.#clock = clock;
    this.#take = take;
  }

  /** Reports are absolute, so the newest of a response stands for the one that is kept. */
  take(report: PlayheadReport): void {
    const { responseId, phase, positionAtMs } = report;
    this.#cancels.get(responseId)?.();
    this.#cancels.delete(responseId);
    const aheadMs = positionAtMs - this.#clock.nowMs();
    // An end or a cut is the last word: the pipeline waits for it.
    if (phase !== 'playing' || aheadMs < SAME_INSTANT_MS || aheadMs > MAX_AHEAD_MS) {
      this.#take(report);
      return;
    }
    const cancel = this.#clock.schedule(aheadMs, () => {
      this.#cancels.delete(responseId);
      this.#take(report);
    });
    this.#cancels.set(responseId, cancel);
  }

  /** Forgets them: with a listener that leaves, what it was about to play is gone. */
  clear(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
