import type { OncueEvent, OncueEventOf } from '../events.ts';

/** Anything that delivers events as a `Timeline` does. */
export interface EventSource {
  onAny(listener: (event: OncueEvent) => void): () => void;
}

/** The events of a timeline since the capture began, in order. */
export interface EventCapture {
  /** All captured events. The list grows; copy it to keep a snapshot. */
  readonly all: readonly OncueEvent[];
  /** The events of one type. */
  ofType<T extends OncueEvent['type']>(type: T): readonly OncueEventOf<T>[];
  /** The events that name one response. */
  ofResponse(responseId: string): readonly OncueEvent[];
  /** The types of the events, in order; only the given types, if any are given. */
  types(...only: readonly OncueEvent['type'][]): readonly OncueEvent['type'][];
  /**
   * The only event of a type.
   *
   * @throws RangeError if there is none, or more than one.
   */
  only<T extends OncueEvent['type']>(type: T): OncueEventOf<T>;
  /** Drops the captured events. */
  clear(): void;
  /** Stops capturing. */
  stop(): void;
}

/** Captures the events of a timeline, or of any other `EventSource`. */
export function captureEvents(source: EventSource): EventCapture {
  const all: OncueEvent[] = [];
  const stop = source.onAny((event) => all.push(event));
  const ofType = <T extends OncueEvent['type']>(type: T): readonly OncueEventOf<T>[] =>
    all.filter((event): event is OncueEventOf<T> => event.type === type);
  return {
    all,
    ofType,
    ofResponse: (responseId) =>
      all.filter((event) => 'responseId' in event && event.responseId === responseId),
    types: (...only) =>
      all.map((event) => event.type).filter((type) => only.length === 0 || only.includes(type)),
    only: (type) => {
      const [first, ...others] = ofType(type);
      if (first && others.length === 0) return first;
      const count = others.length + (first ? 1 : 0);
      throw new RangeError(
        `expected one "${type}" event, but ${count} of ${all.length} events have that type`,
      );
    },
    clear: () => {
      all.length = 0;
    },
    stop,
  };
}
