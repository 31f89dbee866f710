import type { AgentMs, Clock } from '@oncue/core';

/** The agent's clock: `performance.now()` and `setTimeout`. The only place in this package that reads them. */
export class NodeClock implements Clock {
  nowMs(): AgentMs {
    return performance.now() as AgentMs;
  }

  schedule(delayMs: number, run: () => void): () => void {
    // Node rounds a delay down to whole ms, and a timer that comes early would fire a deadline before it is due.
    const timer = setTimeout(run, Math.ceil(delayMs));
    return () => clearTimeout(timer);
  }
}

/** An instant of the agent's clock as LiveKit writes instants: ms since 1970 (`Date.now()`). */
export function toEpochMs(atMs: AgentMs): number {
  return performance.timeOrigin + atMs;
}
