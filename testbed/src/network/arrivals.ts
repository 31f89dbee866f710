/** Items that wait for an instant, earliest first. Items of the same instant keep their order. */
export class Arrivals<T> {
  readonly #waiting: { readonly atMs: number; readonly item: T }[] = [];

  get nextAtMs(): number | undefined {
    return this.#waiting[0]?.atMs;
  }

  put(atMs: number, item: T): void {
    let index = this.#waiting.length;
    // The place is near the end, because a packet overtakes few others.
    while (index > 0 && (this.#waiting[index - 1]?.atMs ?? 0) > atMs) index -= 1;
    this.#waiting.splice(index, 0, { atMs, item });
  }

  /** Removes and returns the items that are due. */
  take(nowMs: number): T[] {
    const firstLater = this.#waiting.findIndex(({ atMs }) => atMs > nowMs);
    const count = firstLater === -1 ? this.#waiting.length : firstLater;
    return this.#waiting.splice(0, count).map(({ item }) => item);
  }
}
