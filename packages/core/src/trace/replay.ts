import type { OncueEvent } from '../events.ts';
import { initialState, step } from '../step/step.ts';
import { encodeTraceLine, parseTrace } from './format.ts';

/** What came of running a trace's inputs again. */
export interface Replay {
  /** The events that the inputs lead to now. */
  readonly events: readonly OncueEvent[];
  /** The first event that is not byte for byte the recorded one; `undefined` when all are. */
  readonly firstDifference?: {
    readonly index: number;
    readonly recorded?: string;
    readonly replayed?: string;
  };
}

/**
 * Runs the inputs of a trace through `step` and compares the events with the recorded ones, byte for byte.
 *
 * @throws OncueError `ONCUE_BAD_FORMAT` when the text is no trace.
 */
export function replayTrace(text: string): Replay {
  const { header, lines } = parseTrace(text);
  let state = initialState(header.options);
  const events: OncueEvent[] = [];
  const recorded: string[] = [];
  for (const line of lines) {
    if (line.kind === 'event') recorded.push(encodeTraceLine(line));
    if (line.kind !== 'input') continue;
    const result = step(state, line.input);
    state = result.state;
    events.push(...result.events);
  }
  const replayed = events.map((event) => encodeTraceLine({ kind: 'event', event }));
  for (let index = 0; index < Math.max(recorded.length, replayed.length); index += 1) {
    const before = recorded[index];
    const now = replayed[index];
    if (before === now) continue;
    return {
      events,
      firstDifference: {
        index,
        ...(before === undefined ? {} : { recorded: before }),
        ...(now === undefined ? {} : { replayed: now }),
      },
    };
  }
  return { events };
}
