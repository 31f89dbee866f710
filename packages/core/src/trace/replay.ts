import { messageOf, OncueError } from '../errors.ts';
import type { OncueEvent } from '../events.ts';
import type { TimelineInput } from '../step/inputs.ts';
import type { TimelineState } from '../step/state/state.ts';
import { initialState, type StepResult, step } from '../step/step.ts';
import { encodeTraceLine, parseTrace, TRACE_VERSION, type TraceVersion } from './format.ts';
import { faultOf } from './input_forms.ts';

/** The result of running a trace's inputs again. */
export interface Replay {
  /** The events that the inputs cause now. */
  readonly events: readonly OncueEvent[];
  /** The first event that differs from the recorded one; `undefined` if none does. */
  readonly firstDifference?: {
    readonly index: number;
    readonly recorded?: string;
    readonly replayed?: string;
  };
}

/**
 * Runs the inputs of a trace through `step` and compares the events with the recorded ones, byte for byte [TR2].
 *
 * In an older version, every recorded field must come out the same. Fields that the older version did not have are not
 * compared; `events` has them as today's code computes them. Version 1 only estimated the heard text of a response that
 * was not heard to its end, so that is not compared either, nor is
 * the cause of a cut that version 1 did not know [TR4].
 *
 * @throws OncueError `ONCUE_BAD_FORMAT` if the text is not a trace.
 */
export function replayTrace(text: string): Replay {
  const { header, lines } = parseTrace(text);
  let state = initialState(header.options);
  const events: OncueEvent[] = [];
  const recorded: OncueEvent[] = [];
  for (const line of lines) {
    if (line.kind === 'event') recorded.push(line.event);
    if (line.kind !== 'input') continue;
    const result = stepThrough(state, line.input);
    state = result.state;
    events.push(...result.events);
  }
  for (let index = 0; index < Math.max(recorded.length, events.length); index += 1) {
    const [was, is] = [recorded[index], events[index]];
    const before = was && encoded(was);
    const now = is && encoded(asRecorded(is, was, header.v));
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

function stepThrough(state: TimelineState, input: TimelineInput): StepResult {
  const fault = faultOf(input);
  if (fault !== undefined) throw badInput(input, fault);
  try {
    return step(state, input);
  } catch (cause) {
    throw badInput(input, `is broken: ${messageOf(cause)}`, cause);
  }
}

function badInput({ type, atMs }: TimelineInput, what: string, cause?: unknown): OncueError {
  const message = `the input ${JSON.stringify(type)} at ${atMs} ms ${what}`;
  return new OncueError('ONCUE_BAD_FORMAT', message, { cause });
}

/** The event as the version of the trace would have recorded it: with the fields that it did record, in their order. */
function asRecorded(
  event: OncueEvent,
  recorded: OncueEvent | undefined,
  version: TraceVersion,
): OncueEvent {
  if (version === TRACE_VERSION || recorded?.type !== event.type) return event;
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  const kept = Object.keys(recorded).map((name) => [name, fields[name]] as const);
  const other = { ...causeOfCut(event, recorded), ...estimatedText(recorded) };
  return { ...Object.fromEntries(kept), ...other } as unknown as OncueEvent;
}

/** Version 1 named a cause where there was none, and `agent` for a session that was closed. */
function causeOfCut(event: OncueEvent, recorded: OncueEvent): Readonly<Record<string, unknown>> {
  const isNew =
    event.type === 'response_playback_finished' &&
    (event.cutBy === 'close' || event.cutBy === 'not_known');
  return isNew && 'cutBy' in recorded ? { cutBy: recorded.cutBy } : {};
}

function estimatedText(recorded: OncueEvent): Partial<OncueEvent> {
  if (recorded.type !== 'response_playback_finished' || recorded.outcome === 'heard') return {};
  const { heardText, heardTextSource } = recorded;
  return { heardText, heardTextSource };
}

function encoded(event: OncueEvent): string {
  return encodeTraceLine({ kind: 'event', event });
}
