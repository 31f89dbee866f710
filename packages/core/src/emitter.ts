import { assertFunction, bad } from './declare/check_arguments.ts';
import { OncueEventTypes } from './event_types.ts';
import type { OncueEvent, OncueEventOf } from './events.ts';

const TYPES: ReadonlySet<unknown> = new Set(Object.values(OncueEventTypes));

/** Delivers events to listeners in the order of subscription, before `emit` returns. */
export class Emitter {
  readonly #listeners = new Map<string, Set<(event: never) => void>>();
  readonly #anyListeners = new Set<(event: OncueEvent) => void>();
  readonly #onListenerError: (error: unknown, event: OncueEvent) => void;

  constructor(onListenerError: (error: unknown, event: OncueEvent) => void) {
    this.#onListenerError = onListenerError;
  }

  /**
   * @returns A function that removes the handler; calling it again does nothing.
   * @throws OncueError `ONCUE_BAD_OPTION` for a name that no event has: its handler would never be called [RS11].
   */
  on<T extends OncueEvent['type']>(
    type: T,
    listener: (event: OncueEventOf<T>) => void,
  ): () => void {
    if (!TYPES.has(type))
      throw bad(`there is no event "${String(type)}"; the events are ${[...TYPES].join(', ')}`);
    assertFunction(`the handler of ${type}`, listener);
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
  onAny(listener: (event: OncueEvent) => void): () => void {
    assertFunction('the handler of onAny', listener);
    this.#anyListeners.add(listener);
    return () => {
      this.#anyListeners.delete(listener);
    };
  }

  /** Calls the listeners. An error that one throws goes to `onListenerError`; the others still run. Never throws. */
  emit(event: OncueEvent): void {
    for (const listener of [...(this.#listeners.get(event.type) ?? []), ...this.#anyListeners]) {
      try {
        (listener as (event: OncueEvent) => void)(event);
      } catch (error) {
        this.#onListenerError(error, event);
      }
    }
  }
}
