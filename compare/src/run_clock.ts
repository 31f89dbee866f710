import { ManualClock } from '@oncue/core/testing';
import { vi } from 'vitest';

/** How far the clock moves before LiveKit gets a chance to react. */
const STEP_MS = 5;
/** Streams hop through the event loop several times before a frame is where it belongs. */
const LOOP_TURNS = 4;

/** The clock of a run, on which all timers go: LiveKit's (vitest's fakes) and the manual clock's. */
export class RunClock {
  readonly manual = new ManualClock();

  nowMs(): number {
    return this.manual.nowMs();
  }

  async passUntil(atMs: number): Promise<void> {
    await settle();
    while (this.nowMs() < atMs) await this.#step(Math.min(STEP_MS, atMs - this.nowMs()));
  }

  /** @returns Whether it came to be so within the time. */
  async until(isSo: () => boolean, withinMs: number): Promise<boolean> {
    const endMs = this.nowMs() + withinMs;
    await settle();
    while (!isSo() && this.nowMs() < endMs) await this.#step(STEP_MS);
    return isSo();
  }

  async #step(byMs: number): Promise<void> {
    await this.manual.advanceAsync(byMs, oneTurn);
    await vi.advanceTimersByTimeAsync(byMs);
    await settle();
  }
}

/** Lets LiveKit do what it can do without time passing. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < LOOP_TURNS; turn += 1) await oneTurn();
}

/** A turn of the event loop: every promise has settled after it. */
const oneTurn = (): Promise<void> => new Promise(setImmediate);
