import type { ReportDropReason, SkipReason, StateDropReason, TaskAbortReason } from './reasons.ts';
import type { AgentMs, ResponseId, TurnId } from './units.ts';

export type { ReportDropReason, SkipReason, StateDropReason, TaskAbortReason } from './reasons.ts';

/**
 * Every instant in an event is in ms on the agent's clock: the monotonic `performance.now()` of the agent process
 * (`AgentMs`), also when a listener measured it. It is not `Date.now()`. With LiveKit, `oncue.toEpochMs(instantMs)` gives
 * ms since 1970; in a trace, add `epochAtZeroMs` of its header.
 */

/**
 * How an instant is known.
 *
 * - `device`: measured where the audio is played. In a room, packets that were lost for less than about 1.5 s are not noticed.
 * - `transport`: reported by the output that carries the audio, such as an avatar worker.
 * - `estimate`: computed, not measured: by the agent from what has left and when, or by a page that did not find the sound
 *   [RP4]. It says what somebody who listens would have heard by then, not that anybody heard it [PB15].
 */
export type Evidence = 'device' | 'transport' | 'estimate';

/**
 * What stopped a response: the cause of the interruption, not who speaks in that instant.
 *
 * - `user_speech`: the user spoke. LiveKit noticed the voice, the words or the end of the turn.
 * - `user_text`: the application interrupted for something that the user wrote.
 * - `code`: the application interrupted for another reason, a button for one.
 * - `handoff`: the session went over to another agent.
 * - `close`: the session was closed.
 * - `not_known`: nothing says what it was, or the listener stopped by itself.
 */
export type CutBy = 'user_speech' | 'user_text' | 'code' | 'handoff' | 'close' | 'not_known';

/**
 * Who can hear what is played [AU1].
 *
 * - `nobody`: no listener is there.
 * - `silent`: a listener is there, and does not answer. Whether it hears is not known.
 * - `muted`: the listener has muted the agent, or has no output for it.
 * - `listening`: somebody can hear it. This is assumed of a listener that reports nothing, as long as it is subscribed.
 *   Whether such a listener has muted the agent, or lost its network, is not known [PB15].
 */
export type Audibility = 'nobody' | 'silent' | 'muted' | 'listening';

/** Why nobody could hear. */
export type Inaudible = Exclude<Audibility, 'listening'>;

/** A part of a response that sounded while nobody could hear, in ms of its audio from its first sample. */
export interface InaudibleSpan {
  readonly why: Inaudible;
  readonly fromMs: number;
  readonly toMs: number;
}

/** When a task starts: once the sound is known to be heard, or at the instant at which it is expected to be heard. */
export type TaskTiming = 'confirmed' | 'predicted';

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

/** Whether LiveKit has this agent state. @internal */
export function isQueueable(state: string): state is AgentStateName {
  return (QUEUEABLE_STATES as readonly string[]).includes(state);
}

/** How the end of a heard text was found: from the speech engine's word times, or from the samples and the usual pace. */
export type HeardTextSource = 'word_timings' | 'proportional';

/** When the first sample of a response sounded, with how that is known. */
export interface HeardInstant {
  /** When the first sample sounded at the listener, ms on the agent's clock. */
  readonly startedAtMs: AgentMs;
  readonly evidence: Evidence;
  /** Half-width in ms of the interval in which the true instant lies, as far as the method can know. */
  readonly errorBoundMs: number;
}

interface EventBase {
  /** Counts up by one per event of a timeline, from 1. Events never contradict this order. */
  readonly seq: number;
  /** When the event was made, ms on the agent's clock. What it is about may have happened earlier. */
  readonly atMs: AgentMs;
}

interface OfResponse extends EventBase {
  readonly turnId: TurnId;
  readonly responseId: ResponseId;
  /** Position of the response in its turn, from 0. */
  readonly index: number;
  /** LiveKit's id of the speech that the turn belongs to, if it belongs to one. */
  readonly speechId?: string;
  /** What the caller gave to `begin`. */
  readonly metadata?: unknown;
}

/** A response was declared, by `begin` or by text that no response was open for. `atMs`: agent clock, at the call. */
export interface ResponseDeclared extends OfResponse {
  readonly type: 'response_declared';
  /** It was opened by its text, without `begin`. */
  readonly implicit: boolean;
}

/**
 * The first sample of a response was heard. Fires at most once per response [PB1]. `startedAtMs` says when it sounded,
 * on the agent's clock; `atMs` says when that became known, which is later. With `evidence: 'estimate'` nobody has said so:
 * somebody who listens would have heard it then [PB15].
 */
export interface ResponsePlaybackStarted extends OfResponse, HeardInstant {
  readonly type: 'response_playback_started';
}

/**
 * More of a response was heard. Fires for each report that moves the playhead, and never goes back [PB7].
 * `positionAtMs` is on the agent's clock [PB12].
 */
export interface ResponsePlaybackProgressed extends OfResponse {
  readonly type: 'response_playback_progressed';
  /** Samples heard so far. What sounded while nobody could hear does not count. */
  readonly heardSamples: number;
  readonly sentSamples: number;
  /** Length of `heardSamples` in ms of audio. */
  readonly heardMs: number;
  /** When `heardSamples` had been heard, ms on the agent's clock. */
  readonly positionAtMs: AgentMs;
  /** How `positionAtMs` is known. */
  readonly evidence: Evidence;
  /** Half-width in ms of the interval in which the true `positionAtMs` lies. */
  readonly errorBoundMs: number;
}

/**
 * A start is now known better: by stronger evidence; or by the same evidence with an error bound that is at least 1 ms
 * tighter, and that moves the start by 1 ms or more or is at most half as wide [PB5]. Agent clock.
 */
export interface ResponsePlaybackRefined extends OfResponse, HeardInstant {
  readonly type: 'response_playback_refined';
  /** What was last reported of this start. */
  readonly before: HeardInstant;
}

/**
 * A response that had started ended. Fires exactly once after a start [PB3]. `endedAtMs` says when, on the agent's
 * clock; `atMs` says when that became known. With `evidence: 'estimate'`, `outcome`, `heardMs` and `heardText` say what
 * somebody who listens would have heard, not that anybody did [PB15].
 */
export interface ResponsePlaybackFinished extends OfResponse {
  readonly type: 'response_playback_finished';
  /**
   * `heard`: all of it. `partly_heard`: it was played to its end, and nobody could hear some of it. `cut`: stopped early.
   * `failed`: its text or synthesis failed after the start.
   */
  readonly outcome: 'heard' | 'partly_heard' | 'cut' | 'failed';
  readonly interrupted: boolean;
  readonly cutBy?: CutBy;
  /** When its last sample had sounded, or, after a cut, when its sound stopped: ms on the agent's clock [PB13]. */
  readonly endedAtMs: AgentMs;
  /** How `endedAtMs` is known. */
  readonly evidence: Evidence;
  /** Half-width in ms of the interval in which the true `endedAtMs` lies, as far as the method can know. */
  readonly errorBoundMs: number;
  /** Length in ms of the audio that was heard. What sounded while nobody could hear does not count [AU3]. */
  readonly heardMs: number;
  /** Length in ms of the audio that was sent. */
  readonly sentMs: number;
  readonly heardSamples: number;
  readonly sentSamples: number;
  /** The words that were heard to their end. */
  readonly heardText: string;
  readonly fullText: string;
  readonly heardTextSource: HeardTextSource;
  /** The true number of words heard to their end differs by at most this. An estimate keeps this 19 times in 20. */
  readonly heardTextMaxErrorWords: number;
  /** The parts that sounded while nobody could hear, if there were any, in their order [AU3]. */
  readonly inaudible?: readonly InaudibleSpan[];
}

/**
 * The listener has heard every word before a mark of `turn.mark` [MK1]. At most once for each mark; never for one that a cut
 * came before, or at which nobody could hear. `reachedAtMs` is on the agent's clock; `atMs` says when it became known.
 */
export interface ResponseMarkReached extends OfResponse {
  readonly type: 'response_mark_reached';
  /** As given to `mark`. Two marks may have the same name. */
  readonly name: string;
  /** UTF-16 offset of the mark in the text of the response. */
  readonly textOffset: number;
  /** When the last word before it had been heard; for a mark before the first word: when the first sample was. */
  readonly reachedAtMs: AgentMs;
  /** How the position of the playhead is known. */
  readonly evidence: Evidence;
  /** Half-width in ms of the interval in which the true `reachedAtMs` lies, `place` included. */
  readonly errorBoundMs: number;
  /**
   * Where in the audio the mark is. `exact`: by word timings, or at the start. `estimated`: by the length of the text and the
   * usual pace of its script.
   */
  readonly place: 'exact' | 'estimated';
}

/** A response ended with no sample heard [PB4]. `atMs`, on the agent's clock, is when that was certain. */
export interface ResponseSkipped extends OfResponse {
  readonly type: 'response_skipped';
  readonly reason: SkipReason;
  /** The message of what failed, for reason `failed`. */
  readonly detail?: string;
  /** The parts that sounded while nobody could hear, for reasons `no_listener`, `muted` and `not_known`. */
  readonly inaudible?: readonly InaudibleSpan[];
}

/** What an event told of a response that had ended. */
export interface ToldOutcome {
  readonly outcome: ResponsePlaybackFinished['outcome'] | 'skipped';
  /** Of `skipped`. */
  readonly reason?: SkipReason;
  readonly heardSamples: number;
  readonly heardMs: number;
  readonly heardText: string;
}

/**
 * The listener has reported more of a response than was known when it ended, or that it stopped before its end: what
 * `response_playback_finished`, `response_skipped` or an earlier correction told is wrong [PB19]. Fires for each report that
 * changes it. No task starts, no state changes, and the chat message stays as it is. Agent clock.
 */
export interface ResponseOutcomeCorrected
  extends Omit<ResponsePlaybackFinished, 'type' | 'endedAtMs' | keyof HeardInstant>,
    HeardInstant {
  readonly type: 'response_outcome_corrected';
  /** When it had been played up to the reported position, on the agent's clock. As exact as `startedAtMs`. */
  readonly positionAtMs: AgentMs;
  /** What was told of it last. */
  readonly before: ToldOutcome;
}

/**
 * A state took effect in the turn, at `atMs` on the agent's clock [SQ1]. The session's own `agentState` stays `listening` in one
 * case: nobody is there or answers any more, and a start that was heard before that becomes known only now [AU11].
 */
export interface AgentStateApplied extends EventBase {
  readonly type: 'agent_state_applied';
  readonly turnId: TurnId;
  readonly state: AgentStateName;
  /** `queue`: queued by the turn. `playback`: a response began to be heard [SQ2]. `mark`: a mark was reached [MK3]. */
  readonly source: 'queue' | 'playback' | 'mark';
}

/** A queued state will not take effect, which was decided at `atMs` on the agent's clock [SQ3]. */
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
 * A task's function is called, with this event [TK1]. Agent clock: `atMs` is the call, `startedAtMs` the sound. With
 * timing `predicted`, `startedAtMs` is when the first sample is expected to sound; `prediction_checked` says later how
 * far off that was.
 */
export interface TaskStarted extends OfTask, HeardInstant {
  readonly type: 'task_started';
  readonly timing: TaskTiming;
  /** For the task of a mark: its name. `startedAtMs` is then when the mark was reached. */
  readonly mark?: string;
}

/** A task returned, or its promise was fulfilled, at `atMs` on the agent's clock. */
export interface TaskFinished extends OfTask {
  readonly type: 'task_finished';
}

/** A task threw, or its promise was rejected, at `atMs` on the agent's clock [TK3]. */
export interface TaskFailed extends OfTask {
  readonly type: 'task_failed';
  readonly message: string;
}

/** A task's signal was aborted, at `atMs` on the agent's clock [TK2]. */
export interface TaskAborted extends OfTask {
  readonly type: 'task_aborted';
  readonly reason: TaskAbortReason;
}

/** The start that a predicted task ran for is known. Compares the two [TK5]. Agent clock. */
export interface PredictionChecked extends OfResponse {
  readonly type: 'prediction_checked';
  /** When the first sample was expected to sound, ms on the agent's clock. */
  readonly predictedAtMs: AgentMs;
  /** Predicted minus heard instant, in ms: negative when the task ran early. */
  readonly errorMs: number;
  /** How the heard instant is known. */
  readonly evidence: Evidence;
}

/**
 * Messages of a listener were not used [LW1]. Fires at once for the first of a reason, then at most once a second for each
 * reason, with the number of them [LW11]. `atMs` is on the agent's clock.
 */
export interface ReportDropped extends EventBase {
  readonly type: 'report_dropped';
  readonly reason: ReportDropReason;
  /** How many were dropped for this reason since the last event with it: at least 1 [LW11]. */
  readonly count: number;
  /** How many have been dropped so far, for all reasons. */
  readonly droppedCount: number;
}

/** From `atMs`, on the agent's clock, a listener reports what it plays, or none does any more [LW3]. */
export interface ListenerChanged extends EventBase {
  readonly type: 'listener_changed';
  readonly listening: boolean;
}

/** Who can hear has changed [AU1]. This became known at `atMs`. Agent clock. */
export interface AudibilityChanged extends EventBase {
  readonly type: 'audibility_changed';
  readonly audibility: Audibility;
  readonly before: Audibility;
  /** Since when, ms on the agent's clock: where a page says it, earlier than `atMs` by the way from there. */
  readonly sinceMs: AgentMs;
}

/** A callback of the application threw, at `atMs` on the agent's clock. Nothing else was affected [TK6]. */
export interface CallbackFailed extends EventBase {
  readonly type: 'callback_failed';
  /** The type of the event that the callback was handling; `record` for the recorder of a trace; the name of the call otherwise. */
  readonly during: string;
  readonly message: string;
}

/**
 * The message of an answer in the chat context holds another text than the handlers of `conversation_item_added` were
 * given: since then it became known what was heard [LK21]. `atMs` is on the agent's clock.
 */
export interface ChatMessageCorrected extends EventBase {
  readonly type: 'chat_message_corrected';
  /** Id of the message in LiveKit's chat context. */
  readonly messageId: string;
  /** What it holds now. Empty: nothing was heard, and the message was taken out. */
  readonly text: string;
  /** What the handlers were given. */
  readonly before: string;
}

/** Every event of a timeline. A listener gets the same object that the trace stores. */
export type OncueEvent =
  | ResponseDeclared
  | ResponsePlaybackStarted
  | ResponsePlaybackProgressed
  | ResponsePlaybackRefined
  | ResponsePlaybackFinished
  | ResponseSkipped
  | ResponseOutcomeCorrected
  | ResponseMarkReached
  | AgentStateApplied
  | AgentStateDropped
  | TaskStarted
  | TaskFinished
  | TaskFailed
  | TaskAborted
  | PredictionChecked
  | ReportDropped
  | ListenerChanged
  | AudibilityChanged
  | ChatMessageCorrected
  | CallbackFailed;

/** The event of one type. */
export type OncueEventOf<T extends OncueEvent['type']> = Extract<OncueEvent, { readonly type: T }>;
