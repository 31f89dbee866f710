import type { Emitter } from './emitter.ts';
import type { OncueEvent, OncueEventOf } from './events.ts';
import type { TimelineState } from './step/state/state.ts';

/** What an application sees of a timeline: it can read and listen, and cannot change anything. */
export interface TimelineView {
  /** The state as of the last input. Immutable; instants in it are ms on the agent's clock. */
  readonly state: TimelineState;

  /**
   * Listens to one type of event.
   *
   * @returns A function that removes the handler.
   * @throws OncueError `ONCUE_BAD_OPTION` for a name that no event has, and for a handler that is no function [RS11].
   */
  on<T extends OncueEvent['type']>(type: T, listener: (event: OncueEventOf<T>) => void): () => void;

  /**
   * Listens to every event.
   *
   * @returns A function that removes the handler.
   * @throws OncueError `ONCUE_BAD_OPTION` for a handler that is no function.
   */
  onAny(listener: (event: OncueEvent) => void): () => void;
}

/** What a view shows of its timeline. */
export interface ViewSource {
  readonly state: () => TimelineState;
  /** All handlers of the timeline. */
  readonly all: Emitter;
  /** Those of the application once more, for what `detach` tells it. */
  readonly ofApplication: Emitter;
  readonly isDetached: () => boolean;
}

/** An object with only the members of the view, at run time too. */
export function viewOf({ state, all, ofApplication, isDetached }: ViewSource): TimelineView {
  // A handler that is added twice is one handler.
  const guards = new WeakMap<(event: never) => void, (event: never) => void>();
  const guarded = <E>(listener: (event: E) => void): ((event: E) => void) => {
    const known = guards.get(listener);
    if (known) return known as (event: E) => void;
    const guard = (event: E): void => {
      if (!isDetached()) listener(event);
    };
    guards.set(listener, guard);
    return guard;
  };
  return Object.freeze({
    get state(): TimelineState {
      return state();
    },
    on: <T extends OncueEvent['type']>(type: T, listener: (event: OncueEventOf<T>) => void) =>
      both(ofApplication.on(type, listener), all.on(type, guarded(listener))),
    onAny: (listener: (event: OncueEvent) => void) =>
      both(ofApplication.onAny(listener), all.onAny(guarded(listener))),
  });
}

function both(first: () => void, second: () => void): () => void {
  return () => {
    first();
    second();
  };
}
