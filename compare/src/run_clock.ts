import { ManualClock } from '@oncue/core/testing';
import { vi } from 'vitest';
import { oneTurn, PromiseOrder } from './promise_order.ts';

/** How far the clock moves before LiveKit gets a chance to react. */
const STEP_MS = 5;
/** Streams hop through the event loop several times before a frame is where it belongs. */
const LOOP_TURNS = 4;

/** The clock of a run, on which all timers go: LiveKit's (vitest's fakes) and the manual clock's. */
export class RunClock {
  readonly manual = new ManualClock();
  readonly #order: PromiseOrder;

  constructor(order: PromiseOrder = new PromiseOrder()) {
    this.#order = order;
  }

  nowMs(): number {
    return this.manual.nowMs();
  }

  async passUntil(atMs: number): Promise<void> {
    await this.#settle();
    while (this.nowMs() < atMs) await this.#step(Math.min(this.#stepMs, atMs - this.nowMs()));
  }

  /** @returns Whether it came to be so within the time. */
  async until(isSo: () => boolean, withinMs: number): Promise<boolean> {
    const endMs = this.nowMs() + withinMs;
    await this.#settle();
    while (!isSo() && this.nowMs() < endMs) await this.#step(this.#stepMs);
    return isSo();
  }

  async #step(byMs: number): Promise<void> {
    await this.manual.advanceAsync(byMs, oneTurn);
    await vi.advanceTimersByTimeAsync(byMs);
    await this.#settle();
  }

  get #stepMs(): number {
    return this.#order.draw({ usual: STEP_MS, least: 1, most: STEP_MS });
  }

  /** Lets LiveKit do what it can do without time passing. */
  async #settle(): Promise<void> {
    const turns = this.#order.draw({ usual: LOOP_TURNS, least: 3, most: 8 });
    for (let turn = 0; turn < turns; turn += 1) await oneTurn();
  }
}
