/** A pending timer. */
export interface Timer {
  readonly dueMs: number;
  /** Increases by one per timer. Of two that are due at the same instant, the older runs first. */
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** Timers ordered by due instant: a binary heap, so that a clock can hold the timers of thousands of timelines. */
export class TimerHeap {
  readonly #timers: Timer[] = [];

  push(timer: Timer): void {
    const timers = this.#timers;
    let place = timers.length;
    timers.push(timer);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = timers[parent];
      if (!above || isBefore(above, timer)) break;
      timers[place] = above;
      place = parent;
    }
    timers[place] = timer;
  }

  /** Removes and returns the first timer that is due by `byMs`. Drops cancelled ones on the way. */
  takeDue(byMs: number): Timer | undefined {
    for (let first = this.#timers[0]; first; first = this.#timers[0]) {
      if (!first.isCancelled && first.dueMs > byMs) return undefined;
      this.#removeFirst();
      if (!first.isCancelled) return first;
    }
    return undefined;
  }

  #removeFirst(): void {
    const timers = this.#timers;
    const last = timers.pop();
    if (!last || timers.length === 0) return;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      const first = timers[left];
      if (!first) break;
      const second = timers[right];
      const child = second && isBefore(second, first) ? right : left;
      const below = child === right && second ? second : first;
      if (isBefore(last, below)) break;
      timers[place] = below;
      place = child;
    }
    timers[place] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
