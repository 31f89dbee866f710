import type { Clock } from '@oncue/core';
import type { Playhead } from '@oncue/core/wire';

/** Reports about samples that were taken and do not sound yet. */
export class PendingReports {
  readonly #clock: Clock;
  readonly #send: (report: Playhead) => void;
  /** What cancels each, in order. */
  readonly #cancels = new Map<Playhead, () => void>();

  constructor(clock: Clock, send: (report: Playhead) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Sends the report at an instant: when its position has sounded. Default: that position. */
  add(report: Playhead, atMs: number = report.positionAtMs): void {
    const cancel = this.#clock.schedule(Math.max(0, atMs - this.#clock.nowMs()), () => {
      this.#cancels.delete(report);
      this.#send(report);
    });
    this.#cancels.set(report, cancel);
  }

  drop(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
