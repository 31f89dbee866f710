import type { ReportDropReason } from './events.ts';
import { type AgentMs, addMs, earlierOf } from './units.ts';

/** The drops of one reason are reported at most once in this time. */
const REPORT_EVERY_MS = 1000;

interface Drops {
  /** How many were dropped since the last report. */
  count: number;
  nextAtMs: AgentMs;
}

/** Some messages of a listener that were not used, all for one reason. */
export interface CountedDrops {
  readonly reason: ReportDropReason;
  readonly count: number;
}

/**
 * Counts messages of a listener that were not used: the first of a reason is reported at once, the rest once a second, so
 * that a flood costs a listener more than the agent [LW11].
 */
export class DropCounter {
  readonly #drops = new Map<ReportDropReason, Drops>();

  /** When the next drop is to be reported; `undefined` while there is nothing. */
  get dueAtMs(): AgentMs | undefined {
    let dueAtMs: AgentMs | undefined;
    for (const { count, nextAtMs } of this.#drops.values())
      if (count > 0) dueAtMs = dueAtMs === undefined ? nextAtMs : earlierOf(dueAtMs, nextAtMs);
    return dueAtMs;
  }

  /** Counts some more. @returns Whether they are to be reported now. */
  add(reason: ReportDropReason, count: number, nowMs: AgentMs): boolean {
    const drops = this.#drops.get(reason) ?? { count: 0, nextAtMs: nowMs };
    this.#drops.set(reason, drops);
    drops.count += count;
    return drops.nextAtMs <= nowMs;
  }

  /** What is due by now, or all of it. It counts as reported. */
  take(nowMs: AgentMs, all: boolean = false): readonly CountedDrops[] {
    const due: CountedDrops[] = [];
    for (const [reason, drops] of this.#drops) {
      if (drops.count === 0 || (!all && drops.nextAtMs > nowMs)) continue;
      due.push({ reason, count: drops.count });
      drops.count = 0;
      drops.nextAtMs = addMs(nowMs, REPORT_EVERY_MS);
    }
    return due;
  }
}
