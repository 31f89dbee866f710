/**
 * In which order what runs at the same time gets its turn. Without a seed always the same; with one it is drawn, so that
 * streams and timers overtake each other as they do on a busy machine.
 */
export class PromiseOrder {
  #state: number | undefined;

  constructor(seed?: number) {
    this.#state = seed;
  }

  /** A whole number, both ends included. */
  draw({ usual, least, most }: { usual: number; least: number; most: number }): number {
    if (this.#state === undefined) return usual;
    // The generator of Park and Miller.
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return least + (this.#state % (most - least + 1));
  }

  get isDrawn(): boolean {
    return this.#state !== undefined;
  }

  /** Lets others go first, some turns of the event loop long. */
  async waitForOthers(): Promise<void> {
    for (let turns = this.draw({ usual: 0, least: 0, most: 3 }); turns > 0; turns -= 1)
      await oneTurn();
  }
}

/** A turn of the event loop: every promise has settled after it. */
export function oneTurn(): Promise<void> {
  return new Promise(setImmediate);
}
