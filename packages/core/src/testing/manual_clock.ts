import type { Clock } from '../clock.ts';
import type { AgentMs } from '../units.ts';
import { TimerHeap } from './timer_heap.ts';

/** A clock that stands still until it is told to move on. */
export class ManualClock implements Clock {
  readonly #timers = new TimerHeap();
  #nowMs: number;
  #scheduledCount = 0;
  #pendingCount = 0;

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  nowMs(): AgentMs {
    return this.#nowMs as AgentMs;
  }

  schedule(delayMs: number, run: () => void): () => void {
    this.#scheduledCount += 1;
    this.#pendingCount += 1;
    const timer = {
      dueMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#scheduledCount,
      isCancelled: false,
      run,
    };
    this.#timers.push(timer);
    return () => {
      if (!timer.isCancelled) this.#pendingCount -= 1;
      timer.isCancelled = true;
    };
  }

  /** How many timers wait. A test that ends with one has left something running. */
  get pendingCount(): number {
    return this.#pendingCount;
  }

  /** Moves time on, stopping at each timer on the way, in the order they are due: a timer set by a timer also runs. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (let due = this.#takeDue(endMs); due; due = this.#takeDue(endMs)) due();
    this.#nowMs = endMs;
  }

  /**
   * Like `advance`, but lets promises settle at every stop, so that code which awaits between timers keeps up with the
   * clock.
   */
  async advanceAsync(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await settlePromises();
    for (let due = this.#takeDue(endMs); due; due = this.#takeDue(endMs)) {
      due();
      await settlePromises();
    }
    this.#nowMs = endMs;
  }

  /** The next timer that is due by `byMs`, the clock set to its instant. */
  #takeDue(byMs: number): (() => void) | undefined {
    const timer = this.#timers.takeDue(byMs);
    if (!timer) return undefined;
    timer.isCancelled = true;
    this.#pendingCount -= 1;
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    return timer.run;
  }
}

/** Long chains of awaits settle within this many turns of the microtask queue. */
const MICROTASK_TURNS = 50;

async function settlePromises(): Promise<void> {
  for (let turn = 0; turn < MICROTASK_TURNS; turn += 1) await Promise.resolve();
}
