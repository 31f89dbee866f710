import type { LoadKind } from './load_session.ts';

/** A process carries no more sessions if 1 % of the events are later than this. */
export const LATE_MS = 20;

/** What one process measured with so many sessions. */
export interface Rung {
  readonly kind: LoadKind;
  readonly count: number;
  readonly cpuMsPerSecond: number;
  readonly lateMedianMs: number;
  readonly lateP99Ms: number;
  readonly eventCount: number;
  readonly loopP99Ms: number;
  readonly rssBytes: number;
}

/** Memory of a session: while it is held, and what is left of it when it is closed. */
export interface Memory {
  readonly kind: LoadKind;
  readonly count: number;
  readonly heldBytes: number;
  readonly leftBytes: number;
  readonly rssBytes: number;
}

/** Where lateness crosses the limit, between two rungs. The most that was measured, if it did not. */
export function carriedSessions(rungs: readonly Rung[]): number {
  let before = { count: 0, lateP99Ms: 0 };
  for (const rung of [...rungs].sort((one, other) => one.count - other.count)) {
    if (rung.lateP99Ms > LATE_MS) {
      const share = (LATE_MS - before.lateP99Ms) / (rung.lateP99Ms - before.lateP99Ms);
      return before.count + share * (rung.count - before.count);
    }
    before = rung;
  }
  return before.count;
}
