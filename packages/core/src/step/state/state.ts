import type { AgentStateName, CutBy, Evidence, HeardInstant, TaskTiming } from '../../events.ts';
import type { TimelineOptions } from '../../options.ts';
import type { AgentMs, ResponseId, TurnId } from '../../units.ts';
import type { Word } from '../inputs.ts';
import type { PathDelay } from '../path_delay.ts';

/** What was sent of one response, and when the agent's own model of the queue expects it to play. */
export interface SentAudio {
  readonly sampleRateHz: number;
  readonly sentSamples: number;
  /** When the first of it was sent: nothing of it can have been heard before. */
  readonly sentFromMs: AgentMs;
  /** Samples sent before the queue last ran dry inside the response; 0 while it never did. */
  readonly samplesBeforeGap: number;
  /** When the first sample would leave a queue without any path behind it. */
  readonly modelStartMs: AgentMs;
  /** The same for the end of what has been sent so far. */
  readonly modelEndMs: AgentMs;
  /** The start fell into a pause, so it tells nothing of the path. */
  readonly startedInPause: boolean;
}

/** A response whose first sample was heard. */
export interface Playing {
  readonly status: 'playing';
  readonly start: HeardInstant;
  readonly heardSamples: number;
  /** When `heardSamples` was last known to be true. */
  readonly positionAtMs: AgentMs;
  /** When `heardSamples` last grew. Earlier than `positionAtMs` while the listener stands still. */
  readonly movedAtMs: AgentMs;
  readonly positionEvidence: Evidence;
  /** When the last of `heardSamples` sounded, as well as that is known. A pause does not move it, as it does the others. */
  readonly soundedAtMs: AgentMs;
  /** Half-width in ms of the interval in which that instant lies. */
  readonly soundedErrorBoundMs: number;
}

/** How far a response has been heard. */
export type Playback = { readonly status: 'unheard' } | Playing;

/** That playout of a response was stopped. */
export interface Cut {
  readonly by: CutBy;
  readonly atMs: AgentMs;
  /** Earlier than `atMs` when playout stood still already. */
  readonly stoppedAtMs: AgentMs;
}

/** A task that waits for its response. Once it runs it lives in `TimelineState.runningTasks`. */
export interface BoundTask {
  readonly taskId: string;
  readonly timing: TaskTiming;
  readonly abortOnCut: boolean;
}

/**
 * One response that has not ended. All fields are always there, as in `TurnState` and `TimelineState`: objects of one
 * shape are copied several times as fast.
 */
export interface ResponseState {
  readonly id: ResponseId;
  readonly turnId: TurnId;
  /** The fields by which every event names it. */
  readonly ref: ResponseRef;
  readonly text: string;
  readonly textEnded: boolean;
  readonly words: readonly Word[];
  readonly audio: SentAudio | undefined;
  /** All audio of the response has been sent; with no `audio` there will be none. */
  readonly audioEnded: boolean;
  /** The turn ended before all audio was sent, so `text` goes on behind what was. */
  readonly truncated: boolean;
  readonly failure: string | undefined;
  readonly playback: Playback;
  readonly cut: Cut | undefined;
  readonly tasks: readonly BoundTask[];
  /** When the predicted tasks of the response were started for. */
  readonly predictedAtMs: AgentMs | undefined;
}

/** What a turn declared, in order. Items leave the list as they are done. */
export type TurnItem =
  | { readonly kind: 'response'; readonly response: ResponseState }
  | { readonly kind: 'state'; readonly state: AgentStateName };

/** One turn that has not ended. */
export interface TurnState {
  readonly id: TurnId;
  readonly speechId: string | undefined;
  readonly items: readonly TurnItem[];
  readonly live: boolean;
  readonly closed: boolean;
  readonly ending:
    | { readonly why: 'cut'; readonly by: CutBy }
    | { readonly why: 'ended' | 'closed' }
    | undefined;
}

/** A task whose function was called and has not settled. */
export interface RunningTask {
  readonly task: BoundTask;
  readonly of: ResponseRef;
}

/** What identifies a response in every event. */
export interface ResponseRef {
  readonly turnId: TurnId;
  readonly responseId: ResponseId;
  readonly index: number;
  readonly speechId?: string;
  readonly metadata?: unknown;
}

/** A response that ended a short while ago, for reports that come late [PB5]. One that was skipped has no `start`. */
export interface RecentResponse {
  readonly ref: ResponseRef;
  readonly start?: HeardInstant;
}

/** All that a timeline knows. Holds only what has not ended, so its size does not grow with a session's length. */
export interface TimelineState {
  readonly options: TimelineOptions;
  readonly nextSeq: number;
  readonly turns: readonly TurnState[];
  /** Responses with audio sent that have not ended, in the order they play. */
  readonly playout: readonly ResponseId[];
  readonly runningTasks: readonly RunningTask[];
  readonly recent: readonly RecentResponse[];
  readonly listening: boolean;
  readonly path: PathDelay;
  /** When the queue model runs dry. */
  readonly bufferedUntilMs: AgentMs;
  /** When the last response that was heard stopped sounding: nothing behind it sounds earlier. */
  readonly playedUntilMs: AgentMs;
  readonly pausedAtMs: AgentMs | undefined;
  readonly droppedCount: number;
  readonly isClosed: boolean;
}

/** How many ended responses stay refinable by late reports. A report later than this many responses is of no use. */
export const RECENT_RESPONSES_KEPT = 16;
