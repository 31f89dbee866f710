import {
  type HeardInstant,
  heardText,
  type OncueEvent,
  type OncueEventOf,
  type TimelineInput,
  type Word,
} from '@oncue/core';
import { lineAtMs, type TraceLine } from '@oncue/core/trace';
import { type RunNote, runNoteOf } from './notes.ts';

/** The trace's facts about one response so far. */
export interface ResponseView {
  readonly id: string;
  readonly turnId: string;
  /** The name on the screen: scene and position in it, both from 1. */
  readonly label: string;
  readonly taskName: string | undefined;
  text: string;
  words: Word[];
  sampleRateHz: number;
  sentSamples: number;
  firstSentAtMs: number | undefined;
  audioEnded: boolean;
  heardSamples: number;
  started: (HeardInstant & { readonly eventAtMs: number }) | undefined;
  finished: OncueEventOf<'response_playback_finished'> | undefined;
  skipped: OncueEventOf<'response_skipped'> | undefined;
  startCount: number;
  endCount: number;
  readonly taskRuns: { readonly name: string; readonly atMs: number }[];
  found: Extract<RunNote, { type: 'sound_found' }> | undefined;
  measured: Extract<RunNote, { type: 'sound_measured' }> | undefined;
}

/** One exchange. A trace of another program has one scene without a title. */
export interface SceneView {
  readonly number: number;
  readonly title: string;
  readonly outcomes: readonly string[] | undefined;
  readonly states: readonly string[] | undefined;
  readonly startedAtMs: number;
  lastAtMs: number;
  isOver: boolean;
  readonly responses: ResponseView[];
  readonly seenStates: { readonly state: string; readonly atMs: number }[];
  typed: string | undefined;
  spoken: Extract<RunNote, { type: 'user_spoke' }> | undefined;
  stored: Extract<RunNote, { type: 'message_stored' }> | undefined;
}

/**
 * The content of a trace, ordered for the terminal and for the verdict. A live run and a replay feed it the same lines,
 * so both show the same.
 *
 * Studio's `TraceModel` also reads traces, but the two share only words and instants: Studio draws any trace as of any
 * instant, and this view counts events and compares them with the recording, which only the demo has.
 */
export class RunView {
  readonly scenes: SceneView[] = [];
  /** Ids in the order of their start events. */
  readonly startOrder: string[] = [];
  /** Events that report a failure. */
  readonly troubles: OncueEvent[] = [];
  startedAtMs: number | undefined;
  lastAtMs = 0;
  /** The run ended; no response changes any more. */
  isOver = false;
  /** Saved from a run that went on, so it may end anywhere. Studio's page writes such traces. */
  isSavedEarly = false;
  #lastSeq: number | undefined;
  /** The first `seq` that did not follow the one before. */
  brokenSeq: number | undefined;
  /** The trace has the states of the application's handler, so Oncue's own state events are not shown. */
  hasHandlerStates = false;
  readonly #byId = new Map<string, ResponseView>();

  get scene(): SceneView | undefined {
    return this.scenes.at(-1);
  }

  response(id: string): ResponseView | undefined {
    return this.#byId.get(id);
  }

  take(line: TraceLine): void {
    const atMs = lineAtMs(line);
    if (atMs === undefined) return;
    const note = line.kind === 'note' ? runNoteOf(line.note) : undefined;
    this.startedAtMs ??= atMs;
    this.lastAtMs = Math.max(this.lastAtMs, atMs);
    if (line.kind === 'note' && line.note.type === 'trace_saved') this.isSavedEarly = true;
    if (note?.type === 'scene') this.#openScene(note);
    if (this.scene && !this.scene.isOver) this.scene.lastAtMs = this.lastAtMs;
    if (line.kind === 'input') this.#takeInput(line.input);
    else if (line.kind === 'event') this.#takeEvent(line.event);
    else if (note) this.#takeNote(note);
  }

  #openScene(of: {
    readonly atMs: number;
    readonly number: number;
    readonly title: string;
    readonly outcomes?: readonly string[];
    readonly states?: readonly string[];
  }): SceneView {
    if (this.scene) this.scene.isOver = true;
    const scene: SceneView = {
      number: of.number,
      title: of.title,
      outcomes: of.outcomes,
      states: of.states,
      startedAtMs: of.atMs,
      lastAtMs: of.atMs,
      isOver: false,
      responses: [],
      seenStates: [],
      typed: undefined,
      spoken: undefined,
      stored: undefined,
    };
    this.scenes.push(scene);
    return scene;
  }

  #takeInput(input: TimelineInput): void {
    if (input.type === 'response_begun') this.#declare(input);
    if (input.type === 'closed') this.isOver = true;
    const response = 'responseId' in input ? this.#byId.get(input.responseId) : undefined;
    if (!response) return;
    if (input.type === 'text_added') response.text += input.text;
    else if (input.type === 'words_timed') response.words = [...response.words, ...input.words];
    else if (input.type === 'audio_ended') response.audioEnded = true;
    else if (input.type === 'audio_sent') {
      response.firstSentAtMs ??= input.atMs;
      response.sampleRateHz = input.sampleRateHz;
      response.sentSamples += input.samples;
    }
  }

  #declare(input: Extract<TimelineInput, { type: 'response_begun' }>): void {
    const scene = this.scene ?? this.#openScene({ atMs: input.atMs, number: 1, title: '' });
    const response: ResponseView = {
      id: input.responseId,
      turnId: input.turnId,
      label: `${scene.number}.${scene.responses.length + 1}`,
      taskName: taskNameOf(input.metadata),
      text: '',
      words: [],
      sampleRateHz: 0,
      sentSamples: 0,
      firstSentAtMs: undefined,
      audioEnded: false,
      heardSamples: 0,
      started: undefined,
      finished: undefined,
      skipped: undefined,
      startCount: 0,
      endCount: 0,
      taskRuns: [],
      found: undefined,
      measured: undefined,
    };
    scene.responses.push(response);
    this.#byId.set(response.id, response);
  }

  #takeEvent(event: OncueEvent): void {
    if (this.#lastSeq !== undefined && event.seq !== this.#lastSeq + 1)
      this.brokenSeq ??= event.seq;
    this.#lastSeq = event.seq;
    const response = 'responseId' in event ? this.#byId.get(event.responseId) : undefined;
    if (event.type === 'callback_failed' || event.type === 'task_failed') this.troubles.push(event);
    if (event.type === 'agent_state_applied' && !this.hasHandlerStates)
      this.scene?.seenStates.push({ state: event.state, atMs: event.atMs });
    if (!response) return;
    switch (event.type) {
      case 'response_playback_started':
        response.started ??= { ...event, eventAtMs: event.atMs };
        response.startCount += 1;
        this.startOrder.push(response.id);
        break;
      case 'response_playback_progressed':
        response.heardSamples = event.heardSamples;
        break;
      case 'response_playback_finished':
        response.finished = event;
        response.heardSamples = event.heardSamples;
        response.endCount += 1;
        break;
      case 'response_skipped':
        response.skipped = event;
        response.endCount += 1;
        break;
      default:
        break;
    }
  }

  #takeNote(note: RunNote): void {
    const { scene } = this;
    if (!scene) {
      if (note.type === 'agent_state') this.hasHandlerStates = true;
      return;
    }
    switch (note.type) {
      case 'user_typed':
        scene.typed = note.text;
        break;
      case 'user_spoke':
        scene.spoken = note;
        break;
      case 'agent_state':
        this.hasHandlerStates = true;
        scene.seenStates.push({ state: note.state, atMs: note.atMs });
        break;
      case 'task_ran':
        this.#byId.get(note.responseId)?.taskRuns.push({ name: note.name, atMs: note.atMs });
        break;
      case 'message_stored':
        scene.stored = note;
        break;
      case 'sound_found':
      case 'sound_measured': {
        const response = scene.responses.find((one) => one.text.trim() === note.text.trim());
        if (response && note.type === 'sound_found') response.found = note;
        else if (response && note.type === 'sound_measured') response.measured = note;
        break;
      }
      case 'run_ended':
        scene.isOver = true;
        break;
      case 'scene':
        break;
    }
  }
}

/** The heard part of a response's text. */
export function heardPartOf(response: ResponseView): string {
  if (response.finished) return response.finished.heardText;
  return heardText({ ...response, textEnded: response.audioEnded }).text;
}

function taskNameOf(metadata: unknown): string | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('task' in metadata)) return undefined;
  return typeof metadata.task === 'string' ? metadata.task : undefined;
}
