import type { Clock } from '../../src/clock.ts';

/** A clock that stands still until told otherwise. Its timers run in order of their instants. */
export class ManualClock implements Clock {
  readonly #timers = new Map<number, { dueMs: number; run: () => void }>();
  #nowMs = 0;
  #nextId = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  /** How many timers wait. */
  get pendingCount(): number {
    return this.#timers.size;
  }

  schedule(delayMs: number, run: () => void): () => void {
    const id = this.#nextId++;
    this.#timers.set(id, { dueMs: this.#nowMs + delayMs, run });
    return () => this.#timers.delete(id);
  }

  /** Jumps to the next timer and runs it; does nothing if none waits. */
  runNext(): void {
    const [next] = [...this.#timers].sort(([, a], [, b]) => a.dueMs - b.dueMs);
    if (!next) return;
    const [id, { dueMs, run }] = next;
    this.#timers.delete(id);
    this.#nowMs = Math.max(this.#nowMs, dueMs);
    run();
  }
}
