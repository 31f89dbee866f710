import type {
  AgentStateName,
  Audibility,
  CutBy,
  Evidence,
  HeardInstant,
  TaskTiming,
  ToldOutcome,
} from '../../events.ts';
import type { TimelineOptions } from '../../options.ts';
import type { AgentMs, ResponseId, TurnId } from '../../units.ts';
import type { InaudibleTime, Run, SampleSpan } from '../inaudible_spans.ts';
import type { CutReach, Listeners, Unreported, WhileInaudible, Word } from '../inputs.ts';
import type { PathDelay } from '../path/path_delay.ts';

/** A state that is due, and why. */
export interface DueState {
  readonly state: AgentStateName;
  readonly source: 'queue' | 'playback' | 'mark';
}

/** Samples of one response that leave without a break. */
export interface LeaveRun {
  /** Samples of the response before this run. */
  readonly fromSamples: number;
  /** When the first sample of the run leaves at the earliest. */
  readonly leavesAtMs: AgentMs;
  /** Since when audio leaves without a break, that of earlier responses included. */
  readonly unbrokenSinceMs: AgentMs;
}

/** What was sent of one response, and when it leaves the queue according to the agent's model. */
export interface SentAudio {
  readonly sampleRateHz: number;
  readonly sentSamples: number;
  /** When its first audio was sent. It cannot have been heard earlier. */
  readonly sentFromMs: AgentMs;
  /** Samples sent before the queue last ran dry inside the response; 0 if it never did. */
  readonly samplesBeforeGap: number;
  /** When the first sample leaves the queue, according to the model. Does not include the path delay. */
  readonly modelStartMs: AgentMs;
  /** The same for the last sample sent so far. */
  readonly modelEndMs: AgentMs;
  /** The start fell into a pause, so it cannot be used to measure the path. */
  readonly startedInPause: boolean;
  /** When its samples left the agent at the earliest, in order. */
  readonly runs: readonly LeaveRun[];
}

/** A response whose first sample was heard. */
export interface Playing extends Position {
  readonly status: 'playing';
}

/** A response that sounds, and of which nobody could hear a sample so far. */
export interface PlayingInaudibly extends Position {
  readonly status: 'inaudible';
}

/** An instant, and by how much it may be off. */
export interface UncertainInstant {
  readonly atMs: AgentMs;
  readonly errorBoundMs: number;
}

/** How far a response has come. */
interface Position {
  /** When its first sample was heard, or, while it is `inaudible`, when it sounded. */
  readonly start: HeardInstant;
  /** Just before its start somebody could hear again. That is known no better than this, whatever is measured of the sound. */
  readonly unmuted?: UncertainInstant;
  /** Samples that have sounded, whoever could hear them. */
  readonly heardSamples: number;
  /** The latest instant at which `heardSamples` is known to be true. */
  readonly positionAtMs: AgentMs;
  /** When `heardSamples` last grew. Earlier than `positionAtMs` while the listener stands still. */
  readonly movedAtMs: AgentMs;
  /** When `heardSamples` was last reported or estimated. Unlike the instants above, a pause does not move it. */
  readonly knownAtMs: AgentMs;
  readonly positionEvidence: Evidence;
  /** When the last of `heardSamples` sounded, as far as known. A pause does not move it either. */
  readonly soundedAtMs: AgentMs;
  /** Half-width in ms of the interval that contains that instant. */
  readonly soundedErrorBoundMs: number;
  /** When its samples sounded, as far as known. Between two of them it stood still. A pause does not move them. */
  readonly runs: readonly Run[];
}

/** How far a response has been heard. */
export type Playback = { readonly status: 'unheard' } | PlayingInaudibly | Playing;

/** A stop of a response's playout. */
export interface Cut {
  readonly by: CutBy;
  readonly atMs: AgentMs;
  /** When the sound stops. Earlier than `atMs` if playout was paused, later if audio was still on its way. */
  readonly stoppedAtMs: AgentMs;
  /** Nothing left the transport's queue after this; `undefined` where the cut did not reach that queue. */
  readonly leftUntilMs: AgentMs | undefined;
}

/** A task that waits for its response. Once started, it moves to `TimelineState.runningTasks`. */
export interface BoundTask {
  readonly taskId: string;
  readonly timing: TaskTiming;
  readonly abortOnCut: boolean;
}

/** A mark that has not been reached. */
export interface Mark {
  readonly name: string;
  /** UTF-16 offset in the text of the response. */
  readonly textOffset: number;
  /** The state that the agent is put in when it is reached. */
  readonly agentState: AgentStateName | undefined;
  readonly task: BoundTask | undefined;
}

/**
 * One response that has not ended. All fields are always present, as in `TurnState` and `TimelineState`: objects of one
 * shape are copied several times as fast.
 */
export interface ResponseState {
  readonly id: ResponseId;
  readonly turnId: TurnId;
  /** The fields with which every event names the response. */
  readonly ref: ResponseRef;
  readonly text: string;
  readonly textEnded: boolean;
  readonly words: readonly Word[];
  readonly audio: SentAudio | undefined;
  /** All audio of the response has been sent. If `audio` is `undefined`, there will be none. */
  readonly audioEnded: boolean;
  /** The turn ended before all audio was sent, so `text` is longer than the audio. */
  readonly truncated: boolean;
  readonly failure: string | undefined;
  readonly playback: Playback;
  /** What of it sounded while nobody could hear, in order. */
  readonly inaudible: readonly SampleSpan[];
  readonly cut: Cut | undefined;
  /** Its listener reported that it was stopped. It ends when those that play before it have [RS5]. */
  readonly stopReported: Evidence | undefined;
  /** How far it was reported by the listener, other than by estimate. */
  readonly reported: Reported | undefined;
  /** How many may have heard it. */
  readonly listeners: Listeners;
  /** What had left to listeners that are gone, in order. They may have heard it; what they did not report the next one gets again. */
  readonly leftToGone: readonly SampleSpan[];
  readonly tasks: readonly BoundTask[];
  /** The predicted start for which the response's tasks were started. */
  readonly predictedAtMs: AgentMs | undefined;
  /** Marks that have not been reached, in the order of the text. */
  readonly marks: readonly Mark[];
  /** Where the first of them is in the audio, as far as was known when it was last looked at. */
  readonly nextMarkSamples: number | undefined;
}

/** One item that a turn declared. Items leave the turn's list when they are done. */
export type TurnItem =
  | { readonly kind: 'response'; readonly response: ResponseState }
  | { readonly kind: 'state'; readonly state: AgentStateName };

/** Why a turn is over. `isWritten`: its text was shown and no audio was asked for. */
export type TurnEnding = (
  | { readonly why: 'cut'; readonly by: CutBy }
  | { readonly why: 'ended' | 'closed' }
) & { readonly isWritten?: boolean };

/** One turn that has not ended. */
export interface TurnState {
  readonly id: TurnId;
  readonly speechId: string | undefined;
  readonly items: readonly TurnItem[];
  readonly live: boolean;
  readonly closed: boolean;
  readonly ending: TurnEnding | undefined;
  /** States that became due in a pause, in order [SQ6]. */
  readonly held: readonly DueState[];
}

/** A task whose function was called and has not settled yet. */
export interface RunningTask {
  readonly task: BoundTask;
  readonly of: ResponseRef;
}

/** The fields that identify a response in every event. */
export interface ResponseRef {
  readonly turnId: TurnId;
  readonly responseId: ResponseId;
  readonly index: number;
  readonly speechId?: string;
  readonly metadata?: unknown;
}

/** The furthest position that was reported with evidence stronger than `estimate`. */
export interface Reported {
  readonly samples: number;
  /** When that many had been heard, on the agent's clock. */
  readonly atMs: AgentMs;
}

/** A response that ended recently, kept for late reports [PB5][PB19]. A skipped one has no `start`. */
export interface RecentResponse {
  readonly ref: ResponseRef;
  readonly start?: HeardInstant;
  /** When its first sample left the agent at the earliest. */
  readonly leftFromMs?: AgentMs;
  /** Missing if no audio of it was sent. */
  readonly ended?: EndedResponse;
}

/** What is known of a response that has ended, to compare a late report with. */
export interface EndedResponse {
  /** As it was when it ended; its audio goes on leaving, and moves with the queue. */
  readonly response: ResponseState;
  /** What was told of it last. */
  readonly told: ToldOutcome;
  /** Samples that have sounded, whoever could hear them. */
  readonly soundedSamples: number;
  readonly inaudible: readonly SampleSpan[];
  readonly reported: Reported | undefined;
  /** Samples that may have sounded at the most; `undefined` if it is known how much was heard. */
  readonly perhapsSamples: number | undefined;
  /** When the transport's queue was emptied after the end: nothing of it left after this. */
  readonly leftUntilMs: AgentMs | undefined;
}

/** Everything that a timeline knows. Holds only what has not ended, so it does not grow with the session's length. */
export interface TimelineState {
  readonly options: TimelineOptions;
  readonly nextSeq: number;
  readonly turns: readonly TurnState[];
  /** Responses with audio sent that have not ended, in the order they play. */
  readonly playout: readonly ResponseId[];
  readonly runningTasks: readonly RunningTask[];
  readonly recent: readonly RecentResponse[];
  /** A listener reports what it plays. */
  readonly listening: boolean;
  /** When a listener last joined, or the last one left. */
  readonly listenerSinceMs: AgentMs;
  /** How many may hear, whether they report or not. `one` as long as nothing else was said. */
  readonly listeners: Listeners;
  /** What is thought of what it does not report. Means nothing without a listener. */
  readonly unreported: Unreported;
  /** It answers pings, so that a report that does not come is no sign that it is gone. */
  readonly answers: boolean;
  /** Who can hear. `listening` as long as nothing else was said. */
  readonly audibility: Audibility;
  /** When nobody could hear, in order, as far back as anything plays. */
  readonly inaudibleTimes: readonly InaudibleTime[];
  readonly whileInaudible: WhileInaudible;
  readonly path: PathDelay;
  /** When the queue model runs dry. */
  readonly bufferedUntilMs: AgentMs;
  /** When the audio of responses that were heard to their end has left, at the earliest; a claim may be up to 200 ms early. */
  readonly endedLeftAtMs: AgentMs;
  /** When the last response that was heard stopped sounding. Nothing after it sounds earlier. */
  readonly playedUntilMs: AgentMs;
  readonly pausedAtMs: AgentMs | undefined;
  /** How far the pause gets at once. Means nothing without one. */
  readonly pauseReaches: CutReach;
  readonly droppedCount: number;
  readonly isClosed: boolean;
}

/** How many ended responses late reports can still refine or correct. A report of an older one is dropped [MM1]. */
export const RECENT_RESPONSES_KEPT = 16;
