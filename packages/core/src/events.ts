import type { AgentMs, ResponseId, TurnId } from './units.ts';

/**
 * How an instant is known.
 *
 * - `device`: measured where the audio is played.
 * - `transport`: an acknowledgement of a carrier or avatar worker on the way.
 * - `estimate`: computed at the agent from what it sent and when.
 */
export type Evidence = 'device' | 'transport' | 'estimate';

/** The states of a LiveKit agent that a turn may queue (`voice.AgentState`). */
export const QUEUEABLE_STATES = [
  'initializing',
  'idle',
  'listening',
  'thinking',
  'speaking',
] as const;
/** @see QUEUEABLE_STATES */
export type AgentStateName = (typeof QUEUEABLE_STATES)[number];

/** On what the last word of a heard text rests: the speech engine's word times, or the samples and the usual pace. */
export type HeardTextSource = 'word_timings' | 'proportional';

/** Why a response ended with no sample heard. */
export type SkipReason =
  /** It had no text. */
  | 'no_text'
  /** Its speech synthesis gave no audio. */
  | 'no_audio'
  /** The turn was cut before its first sample was heard. */
  | 'cut'
  /** Its language model or speech synthesis failed before a sample was heard. */
  | 'failed'
  /** The turn ended, or was thrown away, before its audio was sent. */
  | 'not_played'
  /** The session was closed. */
  | 'closed';

/** Why a queued state was dropped. */
export type StateDropReason = 'cut' | 'turn_ended' | 'closed';

/** Why a listener's message was not used. */
export type ReportDropReason =
  | 'bad_format'
  | 'too_large'
  | 'too_many'
  | 'duplicate'
  | 'out_of_range'
  | 'unknown_response'
  | 'wrong_listener';

/** Why a task's signal aborted. It is the `reason` of the `AbortSignal`, as an `OncueAbort`. */
export type TaskAbortReason = 'cut' | 'not_heard' | 'closed';

/** An instant at the listener's ear, with how it is known. */
export interface HeardInstant {
  /** When the first sample sounded, on the agent's clock. */
  readonly startedAtMs: AgentMs;
  readonly evidence: Evidence;
  /** Half-width in ms of the interval in which the true instant lies, as far as the method can know. */
  readonly errorBoundMs: number;
}

interface EventBase {
  /** Counts up by one per event of a timeline. Events never contradict this order. */
  readonly seq: number;
  /** When the event was made, on the agent's clock. */
  readonly atMs: AgentMs;
}

interface OfResponse extends EventBase {
  readonly turnId: TurnId;
  readonly responseId: ResponseId;
  /** Position of the response in its turn, from 0. */
  readonly index: number;
  /** LiveKit's id of the speech that the turn belongs to, where there is one. */
  readonly speechId?: string;
  /** What the caller gave at `begin`. */
  readonly metadata?: unknown;
}

/** A response was declared, by `begin` or implicitly by its first text. */
export interface ResponseDeclared extends OfResponse {
  readonly type: 'response_declared';
  readonly implicit: boolean;
}

/** The first sample of a response was heard. At most once a response [PB1]. */
export interface ResponsePlaybackStarted extends OfResponse, HeardInstant {
  readonly type: 'response_playback_started';
}

/** The playhead moved inside a response. Fires per accepted report; never goes back. */
export interface ResponsePlaybackProgressed extends OfResponse {
  readonly type: 'response_playback_progressed';
  readonly heardSamples: number;
  readonly sentSamples: number;
  readonly heardMs: number;
}

/** A better measurement of a start: on stronger evidence, or within the bound told before, with one smaller by 1 ms at least, and 1 ms or more away or with at most half of it [PB5]. */
export interface ResponsePlaybackRefined extends OfResponse, HeardInstant {
  readonly type: 'response_playback_refined';
  /** What was said before. */
  readonly before: HeardInstant;
}

/** A response that had started ended. Exactly once after a start [PB3]. */
export interface ResponsePlaybackFinished extends OfResponse {
  readonly type: 'response_playback_finished';
  /** `heard`: to its end. `cut`: stopped early. `failed`: its synthesis broke after the start. */
  readonly outcome: 'heard' | 'cut' | 'failed';
  readonly interrupted: boolean;
  readonly cutBy?: 'user' | 'agent';
  readonly heardMs: number;
  readonly sentMs: number;
  readonly heardSamples: number;
  readonly sentSamples: number;
  /** Whole words that were heard to their end. */
  readonly heardText: string;
  readonly fullText: string;
  readonly heardTextSource: HeardTextSource;
  /** At most so many words more, or fewer, were heard to their end; of what was estimated, 19 times in 20. */
  readonly heardTextMaxErrorWords: number;
  /** How the end is known. */
  readonly evidence: Evidence;
}

/** A response ended with no sample heard [PB4]. */
export interface ResponseSkipped extends OfResponse {
  readonly type: 'response_skipped';
  readonly reason: SkipReason;
  /** What failed, for `failed`. */
  readonly detail?: string;
}

/** A queued state took effect [SQ1]. */
export interface AgentStateApplied extends EventBase {
  readonly type: 'agent_state_applied';
  readonly turnId: TurnId;
  readonly state: AgentStateName;
  /** `queue`: queued by the turn. `playback`: a response began to be heard [SQ2]. */
  readonly source: 'queue' | 'playback';
}

/** A queued state will not take effect [SQ3]. */
export interface AgentStateDropped extends EventBase {
  readonly type: 'agent_state_dropped';
  readonly turnId: TurnId;
  readonly state: AgentStateName;
  readonly reason: StateDropReason;
}

interface OfTask extends OfResponse {
  readonly taskId: string;
}

/**
 * A task's function was called [TK1]; it is called with this event. With `timing: 'predicted'` the instant is when the
 * first sample is expected to sound, and `prediction_checked` tells later how far off that was.
 */
export interface TaskStarted extends OfTask, HeardInstant {
  readonly type: 'task_started';
  readonly timing: 'confirmed' | 'predicted';
}

/** A task returned, or its promise was fulfilled. */
export interface TaskFinished extends OfTask {
  readonly type: 'task_finished';
}

/** A task threw, or its promise was rejected [TK3]. */
export interface TaskFailed extends OfTask {
  readonly type: 'task_failed';
  readonly message: string;
}

/** A task's signal was aborted [TK2]. */
export interface TaskAborted extends OfTask {
  readonly type: 'task_aborted';
  readonly reason: TaskAbortReason;
}

/** What became of a predicted start [TK5]. */
export interface PredictionChecked extends OfResponse {
  readonly type: 'prediction_checked';
  readonly predictedAtMs: AgentMs;
  /** Predicted minus heard instant: negative when the task ran early. */
  readonly errorMs: number;
  readonly evidence: Evidence;
}

/** A message of a listener was not used [LW1]. */
export interface ReportDropped extends EventBase {
  readonly type: 'report_dropped';
  readonly reason: ReportDropReason;
  /** How many have been dropped so far, for all reasons. */
  readonly droppedCount: number;
}

/** A listener that reports what it plays came or went [LW3]. */
export interface ListenerChanged extends EventBase {
  readonly type: 'listener_changed';
  readonly listening: boolean;
}

/** A callback of the application threw. Nothing else was affected. */
export interface CallbackFailed extends EventBase {
  readonly type: 'callback_failed';
  /** The type of the event that the callback was handling. */
  readonly during: string;
  readonly message: string;
}

/** Every event of a timeline. The object a listener gets is the object the trace stores. */
export type OncueEvent =
  | ResponseDeclared
  | ResponsePlaybackStarted
  | ResponsePlaybackProgressed
  | ResponsePlaybackRefined
  | ResponsePlaybackFinished
  | ResponseSkipped
  | AgentStateApplied
  | AgentStateDropped
  | TaskStarted
  | TaskFinished
  | TaskFailed
  | TaskAborted
  | PredictionChecked
  | ReportDropped
  | ListenerChanged
  | CallbackFailed;

/** The event of one type. */
export type OncueEventOf<T extends OncueEvent['type']> = Extract<OncueEvent, { readonly type: T }>;
