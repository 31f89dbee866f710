import type { Clock } from '../../src/clock.ts';

/** A clock that moves only from timer to timer. Timers run in the order they are due. */
export class ManualClock implements Clock {
  readonly #timers = new Map<number, { dueMs: number; run: () => void }>();
  #nowMs = 0;
  #nextId = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  /** The number of pending timers. */
  get pendingCount(): number {
    return this.#timers.size;
  }

  schedule(delayMs: number, run: () => void): () => void {
    const id = this.#nextId++;
    this.#timers.set(id, { dueMs: this.#nowMs + delayMs, run });
    return () => this.#timers.delete(id);
  }

  /** Jumps to the next timer and runs it; does nothing if there is none. */
  runNext(): void {
    const [next] = [...this.#timers].sort(([, a], [, b]) => a.dueMs - b.dueMs);
    if (!next) return;
    const [id, { dueMs, run }] = next;
    this.#timers.delete(id);
    this.#nowMs = Math.max(this.#nowMs, dueMs);
    run();
  }
}
