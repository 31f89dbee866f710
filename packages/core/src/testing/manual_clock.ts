import type { Clock } from '../clock.ts';
import type { AgentMs } from '../units.ts';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told to move on. */
export class ManualClock implements Clock {
  readonly #timers = new Map<number, Timer>();
  #nowMs: number;
  #nextId = 1;

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  nowMs(): AgentMs {
    return this.#nowMs as AgentMs;
  }

  schedule(delayMs: number, run: () => void): () => void {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#timers.set(id, { dueMs: this.#nowMs + Math.max(0, delayMs), run });
    return () => {
      this.#timers.delete(id);
    };
  }

  /** How many timers wait. A test that ends with one has left something running. */
  get pendingCount(): number {
    return this.#timers.size;
  }

  /** Moves time on, stopping at each timer on the way, in the order they are due: a timer set by a timer also runs. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (let next = this.#firstDue(endMs); next; next = this.#firstDue(endMs)) {
      const [id, timer] = next;
      this.#timers.delete(id);
      this.#nowMs = timer.dueMs;
      timer.run();
    }
    this.#nowMs = endMs;
  }

  /**
   * Like `advance`, but lets promises settle at every stop, so that code which awaits between timers keeps up with the
   * clock.
   */
  async advanceAsync(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await settlePromises();
    for (let next = this.#firstDue(endMs); next; next = this.#firstDue(endMs)) {
      const [id, timer] = next;
      this.#timers.delete(id);
      this.#nowMs = timer.dueMs;
      timer.run();
      await settlePromises();
    }
    this.#nowMs = endMs;
  }

  #firstDue(endMs: number): [number, Timer] | undefined {
    let first: [number, Timer] | undefined;
    for (const entry of this.#timers) {
      if (entry[1].dueMs <= endMs && (!first || entry[1].dueMs < first[1].dueMs)) first = entry;
    }
    return first;
  }
}

/** Long chains of awaits settle within this many turns of the microtask queue. */
const MICROTASK_TURNS = 50;

async function settlePromises(): Promise<void> {
  for (let turn = 0; turn < MICROTASK_TURNS; turn += 1) await Promise.resolve();
}
