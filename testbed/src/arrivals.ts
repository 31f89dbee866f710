/** What waits for its instant, the earliest first; of equal instants the one that was put in first. */
export class Arrivals<T> {
  readonly #waiting: { readonly atMs: number; readonly item: T }[] = [];

  get nextAtMs(): number | undefined {
    return this.#waiting[0]?.atMs;
  }

  put(atMs: number, item: T): void {
    let index = this.#waiting.length;
    // Nearly always the last: a packet overtakes few.
    while (index > 0 && (this.#waiting[index - 1]?.atMs ?? 0) > atMs) index -= 1;
    this.#waiting.splice(index, 0, { atMs, item });
  }

  /** Takes out what is due. */
  take(nowMs: number): T[] {
    const firstLater = this.#waiting.findIndex(({ atMs }) => atMs > nowMs);
    const count = firstLater === -1 ? this.#waiting.length : firstLater;
    return this.#waiting.splice(0, count).map(({ item }) => item);
  }
}
