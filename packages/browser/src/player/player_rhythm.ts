import type { PageMs } from '../shared/page_clock.ts';
import type { PlayoutLedger } from './output/playout_ledger.ts';
import { BUSY_READ_MS, BUSY_TICK_MS, IDLE_READ_MS, IDLE_TICK_MS, START_TICK_MS } from './tuning.ts';

/** What is due in the ledger of responses. */
export type Agenda = Pick<PlayoutLedger, 'isIdle' | 'awaitsStart' | 'nextDueAtMs'>;

/** How long the player waits until it looks again, ms: until the next report is due, but never long while it plays. */
export function nextTickMs(agenda: Agenda | undefined, nowMs: PageMs): number {
  if (!agenda) return IDLE_TICK_MS;
  const busyMs = agenda.awaitsStart ? START_TICK_MS : BUSY_TICK_MS;
  const tickMs = agenda.isIdle ? IDLE_TICK_MS : busyMs;
  const dueInMs = (agenda.nextDueAtMs ?? Number.POSITIVE_INFINITY) - nowMs;
  return dueInMs > 0 ? Math.min(tickMs, dueInMs) : tickMs;
}

/** When the page is asked for a reading of its output: never while it still owes one. Pure. */
export class ReadingSchedule {
  #isOwed = false;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  /** Whether to ask now. If so, the page owes a reading until `came`. */
  asks(nowMs: PageMs, isBusy: boolean): boolean {
    const waitMs = isBusy ? BUSY_READ_MS : IDLE_READ_MS;
    if (this.#isOwed || nowMs - this.#askedAtMs < waitMs) return false;
    this.#isOwed = true;
    this.#askedAtMs = nowMs;
    return true;
  }

  came(): void {
    this.#isOwed = false;
  }
}
