type OfType<E extends { readonly type: string }, T extends E['type']> = Extract<
  E,
  { readonly type: T }
>;

/** Delivers events to listeners in the order of subscription, before `emit` returns. */
export class Emitter<E extends { readonly type: string }> {
  readonly #listeners = new Map<string, Set<(event: never) => void>>();
  readonly #anyListeners = new Set<(event: E) => void>();
  readonly #onListenerError: (error: unknown, event: E) => void;

  constructor(onListenerError: (error: unknown, event: E) => void) {
    this.#onListenerError = onListenerError;
  }

  /** @returns A function that removes the handler; calling it again does nothing. */
  on<T extends E['type']>(type: T, listener: (event: OfType<E, T>) => void): () => void {
    let set = this.#listeners.get(type);
    if (!set) {
      set = new Set();
      this.#listeners.set(type, set);
    }
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  }

  /** Listens to every event, after the listeners of its type. */
  onAny(listener: (event: E) => void): () => void {
    this.#anyListeners.add(listener);
    return () => {
      this.#anyListeners.delete(listener);
    };
  }

  /** Calls the listeners. An error that one throws goes to `onListenerError`; the others still run. Never throws. */
  emit(event: E): void {
    for (const listener of [...(this.#listeners.get(event.type) ?? []), ...this.#anyListeners]) {
      try {
        (listener as (event: E) => void)(event);
      } catch (error) {
        this.#onListenerError(error, event);
      }
    }
  }
}
