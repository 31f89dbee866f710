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

/** An object with only the members of the view, at run time too. */
export function viewOf(timeline: TimelineView): TimelineView {
  return Object.freeze({
    get state(): TimelineState {
      return timeline.state;
    },
    on: <T extends OncueEvent['type']>(type: T, listener: (event: OncueEventOf<T>) => void) =>
      timeline.on(type, listener),
    onAny: (listener: (event: OncueEvent) => void) => timeline.onAny(listener),
  });
}
