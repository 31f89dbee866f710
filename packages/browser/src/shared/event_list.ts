/** Calls the listeners of events. A listener that throws stops no other; its error shows in the console as uncaught. */
export class EventList<E extends { readonly [T in keyof E]: (value: never) => void }> {
  readonly #listeners = new Map<keyof E, Set<E[keyof E]>>();

  /** @returns A function that removes the handler. */
  on<T extends keyof E>(type: T, listener: E[T]): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  emit<T extends keyof E>(type: T, value: Parameters<E[T]>[0]): void {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) {
      try {
        listener(value as never);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
