import type { OncueEvent, OncueEventOf } from '../events.ts';

/** Anything that tells events as a `Timeline` does. */
export interface EventSource {
  onAny(listener: (event: OncueEvent) => void): () => void;
}

/** The events of a timeline since the capture began, in their order. */
export interface EventCapture {
  /** All of them. The list grows; take a copy to keep a moment. */
  readonly all: readonly OncueEvent[];
  /** Those of one type. */
  ofType<T extends OncueEvent['type']>(type: T): readonly OncueEventOf<T>[];
  /** Those that name one response. */
  ofResponse(responseId: string): readonly OncueEvent[];
  /** Their types, in order; only the given ones, when any are given. */
  types(...only: readonly OncueEvent['type'][]): readonly OncueEvent['type'][];
  /**
   * The one event of a type.
   *
   * @throws RangeError when there is none, or more than one.
   */
  only<T extends OncueEvent['type']>(type: T): OncueEventOf<T>;
  /** Forgets what was captured. */
  clear(): void;
  /** Captures no more. */
  stop(): void;
}

/** Captures the events of a timeline, or of anything that tells them in the same way. */
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
      throw new RangeError(`${count} events "${type}" among ${all.length}; one was expected`);
    },
    clear: () => {
      all.length = 0;
    },
    stop,
  };
}
