import type { Clock } from '../clock.ts';
import type { AgentMs } from '../units.ts';
import { TimerHeap } from './timer_heap.ts';

/** A clock that only moves when a test advances it. */
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

  /** The number of pending timers. If it is not 0 at the end of a test, something is still running. */
  get pendingCount(): number {
    return this.#pendingCount;
  }

  /** Advances time and runs the timers on the way, in the order in which they are due, even those that timers set. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (let due = this.#takeDue(endMs); due; due = this.#takeDue(endMs)) due();
    this.#nowMs = endMs;
  }

  /**
   * Like `advance`, but lets promises settle before and after every timer, so that code that awaits between timers
   * keeps up with the clock.
   * @param settle Waits until promises have settled. The default waits for 50 turns of the microtask queue, which needs no
   *   event loop.
   */
  async advanceAsync(byMs: number, settle: () => Promise<void> = settlePromises): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await settle();
    for (let due = this.#takeDue(endMs); due; due = this.#takeDue(endMs)) {
      due();
      await settle();
    }
    this.#nowMs = endMs;
  }

  /** Takes the next timer that is due by `byMs`, and sets the clock to its instant. */
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
