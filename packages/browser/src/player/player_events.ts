import type { PlayerEvents } from './player_api.ts';

/** Tells listeners. One that throws hurts nobody else, and is shown in the console as any uncaught error. */
export class EventList {
  readonly #listeners: { [T in keyof PlayerEvents]: Set<PlayerEvents[T]> } = {
    state: new Set(),
    report: new Set(),
    error: new Set(),
  };

  on<T extends keyof PlayerEvents>(type: T, listener: PlayerEvents[T]): () => void {
    this.#listeners[type].add(listener);
    return () => {
      this.#listeners[type].delete(listener);
    };
  }

  emit<T extends keyof PlayerEvents>(type: T, value: Parameters<PlayerEvents[T]>[0]): void {
    for (const listener of [...this.#listeners[type]]) {
      try {
        (listener as (value: unknown) => void)(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
