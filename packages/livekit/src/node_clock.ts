import type { AgentMs, Clock } from '@oncue/core';

/** The longest delay of a Node timer: 24.8 days. Node runs a longer or infinite one at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A timer that is so late was held up by a process that stood still, or was busy. */
const HELD_UP_MS = 100;

/** The agent's clock: `performance.now()` and `setTimeout`. The only place in this package that reads them. */
export class NodeClock implements Clock {
  nowMs(): AgentMs {
    return performance.now() as AgentMs;
  }

  /**
   * Never runs early: a report that its sample has sounded must not be sent before it has. If the process stood still, what
   * arrived meanwhile is read first: a listener was not silent whose messages wait to be read. If the process stands still
   * once more before `run`, what arrived then is read too; not more often, so that a busy process delays no timer for ever.
   */
  schedule(delayMs: number, run: () => void): () => void {
    const dueMs = performance.now() + delayMs;
    let afterInput: NodeJS.Immediate | undefined;
    const runAfterInput = (): void => {
      const queuedMs = performance.now();
      afterInput = setImmediate(() => {
        if (performance.now() - queuedMs < HELD_UP_MS) run();
        else afterInput = setImmediate(run);
      });
    };
    const arm = (): NodeJS.Timeout =>
      setTimeout(
        () => {
          const lateMs = performance.now() - dueMs;
          if (lateMs < 0) timer = arm();
          else if (lateMs < HELD_UP_MS) run();
          else runAfterInput();
        },
        // Node rounds a delay down to whole ms, and counts it from when the running code began.
        Math.min(MAX_TIMER_MS, Math.ceil(dueMs - performance.now())),
      );
    let timer = arm();
    return () => {
      clearTimeout(timer);
      clearImmediate(afterInput);
    };
  }
}

/** An instant of the agent's clock as LiveKit writes instants: ms since 1970 (`Date.now()`). */
export function toEpochMs(atMs: AgentMs): number {
  return performance.timeOrigin + atMs;
}

/** The inverse of `toEpochMs`. */
export function fromEpochMs(epochMs: number): AgentMs {
  return (epochMs - performance.timeOrigin) as AgentMs;
}
