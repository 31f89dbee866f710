/**
 * Accepts each sequence number once, on a network that repeats and reorders messages. Remembers the latest `size`
 * numbers; a message older than those is refused, since it may be a repeat.
 */
export class ReplayWindow {
  readonly #size: number;
  readonly #seen = new Set<number>();
  #highest = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** @returns Whether this is the first message with that number. `seq` counts from 1. */
  accept(seq: number): boolean {
    if (this.#seen.has(seq) || seq <= this.#highest - this.#size) return false;
    this.#seen.add(seq);
    this.#highest = Math.max(this.#highest, seq);
    // Only every so often, so that the cost per message stays constant.
    if (this.#seen.size > 2 * this.#size)
      for (const old of this.#seen) if (old <= this.#highest - this.#size) this.#seen.delete(old);
    return true;
  }
}
