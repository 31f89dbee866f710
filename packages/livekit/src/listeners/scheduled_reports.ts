import type { AgentMs, Clock, PlayheadReport, ResponseId } from '@oncue/core';

/** Longer than any output's latency. A report from further ahead is passed on at once, and the timeline drops it [LW1]. */
const MAX_REPORT_LEAD_MS = 1000;

/** Instants are sums of fractions. If two differ by less than this, they are the same. */
const SAME_INSTANT_MS = 0.001;

/**
 * Holds a report about a sample until that sample sounds [LW7].
 *
 * A listener knows a start as soon as the sample is rendered, and a rendered sample cannot be taken back. It reports at once:
 * the report crosses a busy page and the network while the sound is still in the output, so the event comes with the sound
 * instead of after it.
 */
export class ScheduledReports {
  readonly #clock: Clock;
  readonly #take: (report: PlayheadReport) => void;
  readonly #cancels = new Map<ResponseId, () => void>();

  constructor(clock: Clock, take: (report: PlayheadReport) => void) {
    this.#clock = clock;
    this.#take = take;
  }

  /** Reports are absolute, so a newer report of a response replaces the one that is held. */
  take(report: PlayheadReport): void {
    const { responseId, phase, positionAtMs } = report;
    this.#cancels.get(responseId)?.();
    this.#cancels.delete(responseId);
    const aheadMs = positionAtMs - this.#clock.nowMs();
    // The pipeline waits for the end or the cut of a response.
    if (phase !== 'playing' || aheadMs < SAME_INSTANT_MS || aheadMs > MAX_REPORT_LEAD_MS) {
      this.#take(report);
      return;
    }
    const cancel = this.#clock.schedule(aheadMs, () => {
      this.#cancels.delete(responseId);
      this.#take(report);
    });
    this.#cancels.set(responseId, cancel);
  }

  /** Drops the reports that are held. When a listener leaves, what it was about to play does not sound. */
  clear(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}

/** Of a cut response that never left. */
export function reportOfNothing(responseId: ResponseId, atMs: AgentMs): PlayheadReport {
  return {
    responseId,
    startedAtMs: atMs,
    heardSamples: 0,
    positionAtMs: atMs,
    phase: 'cut',
    evidence: 'transport',
    errorBoundMs: 0,
  };
}
