/**
 * Accepts each sequence number once, on a network that repeats and reorders messages. Remembers the latest `size`
 * numbers; a message older than those is refused, since it may be a repeat.
 */
export class ReplayWindow {
  readonly #size: number;
  /** The latest number of each remainder by `size`: of two that share a place, the older one has left the window. */
  readonly #seen: number[] = [];
  #highest = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** @returns Whether this is the first message with that number. `seq` counts from 1. */
  accept(seq: number): boolean {
    const place = seq % this.#size;
    if (this.#seen[place] === seq || seq <= this.#highest - this.#size) return false;
    this.#seen[place] = seq;
    this.#highest = Math.max(this.#highest, seq);
    return true;
  }
}
