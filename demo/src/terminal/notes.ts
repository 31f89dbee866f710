import type { TraceLine } from '@oncue/core/trace';

type Note = Extract<TraceLine, { kind: 'note' }>['note'];

/**
 * What the demo adds to Oncue's trace, so that a replay shows the same screen.
 *
 * Nothing of it comes from Oncue: it is what the application saw, and what is in the recording of the sound.
 */
export type RunNote =
  /** A scene began, with its expected results: see `scenes.ts`. */
  | {
      readonly type: 'scene';
      readonly atMs: number;
      readonly number: number;
      readonly title: string;
      readonly outcomes: readonly string[];
      readonly states: readonly string[];
    }
  | { readonly type: 'user_typed'; readonly atMs: number; readonly text: string }
  | {
      readonly type: 'user_spoke';
      readonly atMs: number;
      readonly text: string;
      readonly lengthMs: number;
    }
  /** The application's plain `agent_state_changed` handler ran. */
  | { readonly type: 'agent_state'; readonly atMs: number; readonly state: string }
  /** The first line of a background task ran. */
  | {
      readonly type: 'task_ran';
      readonly atMs: number;
      readonly responseId: string;
      readonly name: string;
    }
  /** The samples of the response with this text were found in the recording. */
  | {
      readonly type: 'sound_found';
      readonly atMs: number;
      readonly text: string;
      readonly firstSampleAtMs: number;
      /** When its first frame reached the output, where LiveKit's room output reports the start. */
      readonly handedOverAtMs: number;
    }
  /** How much of the sound is in the recording, after the end of the scene. */
  | {
      readonly type: 'sound_measured';
      readonly atMs: number;
      readonly text: string;
      readonly soundedSamples: number;
      /** Silence inside the sound, because the machine was too busy to send it in time. */
      readonly silentSamples: number;
      /** `soundedSamples` without the silence at the end. */
      readonly audibleSamples: number;
      readonly totalSamples: number;
      readonly endedAtMs: number;
    }
  /** LiveKit stored an assistant message in the chat context. */
  | {
      readonly type: 'message_stored';
      readonly atMs: number;
      readonly text: string;
      readonly interrupted: boolean;
    }
  | { readonly type: 'run_ended'; readonly atMs: number };

/** A note before it gets its instant. */
export type UntimedNote = RunNote extends infer N
  ? N extends RunNote
    ? Omit<N, 'atMs'>
    : never
  : never;

type FieldKind = 'number' | 'string' | 'boolean' | 'strings';

const FIELDS: Readonly<Record<RunNote['type'], Readonly<Record<string, FieldKind>>>> = {
  scene: { number: 'number', title: 'string', outcomes: 'strings', states: 'strings' },
  user_typed: { text: 'string' },
  user_spoke: { text: 'string', lengthMs: 'number' },
  agent_state: { state: 'string' },
  task_ran: { responseId: 'string', name: 'string' },
  sound_found: { text: 'string', firstSampleAtMs: 'number', handedOverAtMs: 'number' },
  sound_measured: {
    text: 'string',
    soundedSamples: 'number',
    silentSamples: 'number',
    audibleSamples: 'number',
    totalSamples: 'number',
    endedAtMs: 'number',
  },
  message_stored: { text: 'string', interrupted: 'boolean' },
  run_ended: {},
};

/** @returns Undefined for a note of another recorder; a trace may contain any notes. */
export function runNoteOf(note: Note): RunNote | undefined {
  if (!Object.hasOwn(FIELDS, note.type)) return undefined;
  const fields = Object.entries(FIELDS[note.type as RunNote['type']]);
  const fits = fields.every(([name, kind]) => isOfKind(note[name], kind));
  return fits ? (note as unknown as RunNote) : undefined;
}

function isOfKind(value: unknown, kind: FieldKind): boolean {
  if (kind !== 'strings') return typeof value === kind;
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
