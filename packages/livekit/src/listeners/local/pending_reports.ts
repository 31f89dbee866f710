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

  /** Sends the report when its position sounds. */
  add(report: Playhead): void {
    const waitMs = Math.max(0, report.positionAtMs - this.#clock.nowMs());
    const cancel = this.#clock.schedule(waitMs, () => {
      this.#cancels.delete(report);
      this.#send(report);
    });
    this.#cancels.set(report, cancel);
  }

  /** At a clear: sends the ends at once and drops the others, since newer reports of the same responses follow. */
  clear(): void {
    const ends = [...this.#cancels.keys()].filter(({ phase }) => phase === 'ended');
    this.drop();
    for (const report of ends) this.#send(report);
  }

  drop(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
