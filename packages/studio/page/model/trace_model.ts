import type { Inaudible, OncueEvent, OncueEventOf, TimelineInput } from '@oncue/core';
import { lineAtMs, type TraceLine } from '@oncue/core/trace';
import {
  draftOf,
  type ResponseDraft,
  type ResponseView,
  type TaskView,
  viewOf,
} from './response_view.ts';

/** A span of time; it has not ended while `endMs` is missing. */
export interface Span {
  readonly startMs: number;
  readonly endMs?: number;
}

/** A state of the agent and its span. */
export interface StateSpan extends Span {
  readonly state: string;
}

/** A time in which nobody could hear the agent. */
export interface InaudibleTime extends Span {
  readonly why: Inaudible;
}

/** What the user said or typed. */
export interface UserSaid {
  readonly atMs: number;
  readonly text: string;
  readonly by: string;
}

/** The failure of a part: model, voice or recognition. */
export interface PartFailure {
  readonly atMs: number;
  readonly part: string;
  readonly message: string;
}

/** Everything the page shows of a trace, as of the last line that was read. */
export interface TraceModel {
  readonly startMs: number;
  readonly endMs: number;
  readonly responses: readonly ResponseView[];
  readonly states: readonly StateSpan[];
  readonly userSaid: readonly UserSaid[];
  /** When the user spoke, as LiveKit's voice activity detection reports it. */
  readonly userSpeech: readonly Span[];
  readonly failures: readonly PartFailure[];
  /** When nobody could hear: nobody there, no answer, or muted. */
  readonly inaudible: readonly InaudibleTime[];
  /** At least one listener reports. */
  readonly listening: boolean;
  /** Playout is paused. */
  readonly paused: boolean;
  readonly droppedReports: number;
}

/** A cut this soon after the user's own key, button or question is the user's. Reports of it take a moment. */
const USER_CUT_WITHIN_MS = 1000;

/** The model of some lines. */
export function modelOf(lines: readonly TraceLine[]): TraceModel {
  const builder = new TraceModelBuilder();
  for (const line of lines) builder.take(line);
  return builder.model();
}

/** Builds the model of a trace from its lines, and from nothing else. */
export class TraceModelBuilder {
  readonly #responses = new Map<string, ResponseDraft>();
  readonly #states: { state: string; startMs: number; endMs?: number }[] = [];
  readonly #userSaid: UserSaid[] = [];
  readonly #userSpeech: { startMs: number; endMs?: number }[] = [];
  readonly #failures: PartFailure[] = [];
  readonly #inaudible: { why: Inaudible; startMs: number; endMs?: number }[] = [];
  #startMs: number | undefined;
  #endMs = 0;
  #listening = false;
  #paused = false;
  #droppedReports = 0;
  /** When the user last pressed the button or the key to interrupt, or typed a question. */
  #userActedAtMs = Number.NEGATIVE_INFINITY;

  take(line: TraceLine): void {
    const atMs = lineAtMs(line);
    if (atMs === undefined) return;
    this.#startMs ??= atMs;
    this.#endMs = Math.max(this.#endMs, atMs);
    if (line.kind === 'input') this.#takeInput(line.input);
    else if (line.kind === 'event') this.#takeEvent(line.event);
    else if (line.kind === 'note') this.#takeNote(line.note);
  }

  model(): TraceModel {
    return {
      startMs: this.#startMs ?? 0,
      endMs: this.#endMs,
      responses: [...this.#responses.values()].map((draft) => {
        draft.view ??= viewOf(draft, this.#inaudible, this.#paused);
        return draft.view;
      }),
      states: [...this.#states],
      userSaid: [...this.#userSaid],
      userSpeech: [...this.#userSpeech],
      failures: [...this.#failures],
      inaudible: [...this.#inaudible],
      listening: this.#listening,
      paused: this.#paused,
      droppedReports: this.#droppedReports,
    };
  }

  #takeInput(input: TimelineInput): void {
    switch (input.type) {
      case 'text_added': {
        const draft = this.#touch(input.responseId);
        if (!draft) return;
        draft.text += input.text;
        draft.writtenFromMs ??= input.atMs;
        draft.writtenToMs = input.atMs;
        return;
      }
      case 'audio_sent': {
        const draft = this.#touch(input.responseId);
        if (!draft) return;
        draft.sentFromMs ??= input.atMs;
        draft.sentToMs = input.atMs;
        draft.sentSamples += input.samples;
        draft.sampleRateHz = input.sampleRateHz;
        return;
      }
      case 'audio_ended': {
        const draft = this.#touch(input.responseId);
        if (draft) draft.sentEnded = true;
        return;
      }
      case 'words_timed':
        this.#touch(input.responseId)?.words.push(...input.words);
        return;
      case 'playhead':
        this.#takePlayhead(input.report);
        return;
      case 'paused':
        this.#pause(true);
        return;
      case 'resumed':
        this.#pause(false);
        return;
      default:
        return;
    }
  }

  #takePlayhead(report: Extract<TimelineInput, { type: 'playhead' }>['report']): void {
    const draft = this.#touch(report.responseId);
    if (!draft || report.heardSamples === 0) return;
    const heardMs = (report.heardSamples * 1000) / (draft.sampleRateHz || 1);
    draft.anchors.push({ atMs: report.positionAtMs, heardMs });
  }

  #takeEvent(event: OncueEvent): void {
    switch (event.type) {
      case 'response_declared':
        this.#responses.set(event.responseId, draftOf(event));
        return;
      case 'response_playback_started':
      case 'response_playback_refined': {
        const draft = this.#touch(event.responseId);
        if (!draft) return;
        const { startedAtMs, evidence, errorBoundMs } = event;
        draft.start = { startedAtMs, evidence, errorBoundMs };
        draft.firstStart ??= draft.start;
        draft.announcedAtMs ??= event.atMs;
        return;
      }
      case 'response_playback_progressed': {
        const draft = this.#touch(event.responseId);
        if (draft) draft.heardMs = Math.max(draft.heardMs, event.heardMs);
        return;
      }
      case 'response_mark_reached': {
        const draft = this.#touch(event.responseId);
        if (draft) draft.marks = [...draft.marks, event];
        return;
      }
      case 'response_playback_finished': {
        const draft = this.#touch(event.responseId);
        if (!draft) return;
        draft.finished = event;
        draft.cutByUser = event.atMs - this.#userActedAtMs < USER_CUT_WITHIN_MS;
        return;
      }
      case 'response_skipped': {
        const draft = this.#touch(event.responseId);
        if (draft) draft.skipped = event;
        return;
      }
      case 'response_outcome_corrected': {
        const draft = this.#touch(event.responseId);
        if (draft) draft.corrected = event;
        return;
      }
      case 'listener_changed':
        this.#listening = event.listening;
        return;
      case 'audibility_changed':
        this.#takeAudibility(event);
        return;
      case 'report_dropped':
        this.#droppedReports = event.droppedCount;
        return;
      default:
        this.#takeTaskEvent(event);
    }
  }

  #takeAudibility({ audibility, sinceMs }: OncueEventOf<'audibility_changed'>): void {
    this.#closeLast(this.#inaudible, sinceMs);
    if (audibility !== 'listening') this.#inaudible.push({ why: audibility, startMs: sinceMs });
    // Which words of what plays were heard may be different now.
    this.#touchUnfinished();
  }

  #pause(isPaused: boolean): void {
    this.#paused = isPaused;
    this.#touchUnfinished();
  }

  #touchUnfinished(): void {
    for (const draft of this.#responses.values()) if (!draft.finished) draft.view = undefined;
  }

  #takeTaskEvent(event: OncueEvent): void {
    if (!('taskId' in event)) return;
    const draft = this.#touch(event.responseId);
    if (!draft) return;
    const change = (fields: Partial<TaskView>): void => {
      draft.tasks = draft.tasks.map((task) =>
        task.taskId === event.taskId ? { ...task, ...fields } : task,
      );
    };
    switch (event.type) {
      case 'task_started': {
        const { taskId, atMs, timing } = event;
        draft.tasks = [...draft.tasks, { taskId, startedAtMs: atMs, timing, status: 'running' }];
        return;
      }
      case 'task_finished':
        change({ endedAtMs: event.atMs, status: 'finished' });
        return;
      case 'task_failed':
        change({ endedAtMs: event.atMs, status: 'failed', message: event.message });
        return;
      case 'task_aborted':
        change({ endedAtMs: event.atMs, status: 'aborted', message: event.reason });
    }
  }

  /** Anyone may write notes, so an unknown or malformed one is ignored. */
  #takeNote(note: Extract<TraceLine, { kind: 'note' }>['note']): void {
    const { type, atMs } = note;
    const text = (name: string): string => (typeof note[name] === 'string' ? note[name] : '');
    switch (type) {
      case 'agent_state':
        this.#closeLast(this.#states, atMs);
        this.#states.push({ state: text('state'), startMs: atMs });
        return;
      case 'user_state':
        this.#closeLast(this.#userSpeech, atMs);
        if (note['state'] === 'speaking') this.#userSpeech.push({ startMs: atMs });
        return;
      case 'user_interrupted':
        this.#userActedAtMs = atMs;
        return;
      case 'user_said':
        if (text('by') === 'typing') this.#userActedAtMs = atMs;
        this.#userSaid.push({ atMs, text: text('text'), by: text('by') });
        return;
      case 'part_failed':
        this.#failures.push({ atMs, part: text('part'), message: text('message') });
        return;
      case 'listener_truth': {
        const draft = this.#touch(text('responseId'));
        const { soundedAtMs } = note;
        if (draft && typeof soundedAtMs === 'number') draft.truthMs = soundedAtMs;
      }
    }
  }

  /** A response that is about to change; its view is made again. */
  #touch(id: string): ResponseDraft | undefined {
    const draft = this.#responses.get(id);
    if (draft) draft.view = undefined;
    return draft;
  }

  #closeLast(spans: { startMs: number; endMs?: number }[], atMs: number): void {
    const last = spans.at(-1);
    if (last) last.endMs ??= atMs;
  }
}
