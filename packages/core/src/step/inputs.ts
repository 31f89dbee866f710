import type {
  AgentStateName,
  Audibility,
  CutBy,
  Evidence,
  ReportDropReason,
  TaskAbortReason,
  TaskTiming,
} from '../events.ts';
import type { AgentMs, ResponseId, TurnId } from '../units.ts';

/** A word and the sample of its response at which it ends. */
export interface Word {
  /** The word as the speech engine gave it, with the white space and punctuation that follow. */
  readonly text: string;
  /** Samples from the start of the response to the end of the word. */
  readonly endSamples: number;
}

/**
 * The position of a listener's playhead in one response. Absolute, so that a single report is enough: reports may be
 * lost, late, repeated or reordered [LW2].
 */
export interface PlayheadReport {
  readonly responseId: ResponseId;
  /** When the first sample sounded, on the agent's clock. */
  readonly startedAtMs: AgentMs;
  readonly heardSamples: number;
  /** When `heardSamples` was true, on the agent's clock. */
  readonly positionAtMs: AgentMs;
  /** `ended`: the last sample has sounded. `cut`: playout was stopped, `heardSamples` is final. */
  readonly phase: 'playing' | 'ended' | 'cut';
  readonly evidence: Evidence;
  readonly errorBoundMs: number;
}

/**
 * What a cut stops at once. `ear`: everything, since the listener has the buffer. `queue`: only what is still in the
 * transport's queue; what is on its way still sounds.
 */
export type CutReach = 'ear' | 'queue';

/**
 * What is thought of audio of which no report comes in time. `estimated`: somebody who listens has heard it. `not_known`: its
 * listener reports all that it plays, so nothing is known of it [AU17].
 */
export type Unreported = 'estimated' | 'not_known';

/** How many may hear what is sent. What one of several reports says nothing of what the others hear [AU22]. */
export type Listeners = 'one' | 'several';

/** What becomes of responses while nobody can hear: they play in their time, or are skipped at once. */
export type WhileInaudible = 'plays' | 'skips';

/** How it is that who can hear has changed. */
export interface AudibilityChange {
  /** Since when, on the agent's clock. Left out: now. */
  readonly sinceMs?: AgentMs;
  /** By how much `sinceMs` may be off. Left out: 0. */
  readonly sinceErrorBoundMs?: number;
  /** What becomes of responses while nobody can hear. `skips`: they are skipped at once. Left out: they play, and time passes. */
  readonly whileInaudible?: WhileInaudible;
}

interface InputBase {
  /** When the input happened, on the agent's clock. Never goes back. */
  readonly atMs: AgentMs;
}

/**
 * Everything that can happen to a timeline. Recorded inputs replay to the same events, since `step` is pure.
 */
export type TimelineInput = InputBase &
  (
    | { readonly type: 'turn_opened'; readonly turnId: TurnId; readonly speechId?: string }
    | {
        readonly type: 'response_begun';
        readonly turnId: TurnId;
        readonly responseId: ResponseId;
        /** Position of the response in its turn, from 0. */
        readonly index: number;
        readonly implicit: boolean;
        readonly metadata?: unknown;
      }
    | {
        readonly type: 'task_bound';
        readonly responseId: ResponseId;
        readonly taskId: string;
        readonly timing: TaskTiming;
        readonly abortOnCut: boolean;
      }
    /** A mark at the end of the text so far, or at `textOffset` of it. */
    | {
        readonly type: 'mark_placed';
        readonly responseId: ResponseId;
        readonly name: string;
        readonly textOffset?: number;
        readonly agentState?: AgentStateName;
        /** A task that starts when the mark is reached. */
        readonly taskId?: string;
        readonly abortOnCut?: boolean;
      }
    | { readonly type: 'text_added'; readonly responseId: ResponseId; readonly text: string }
    | { readonly type: 'text_ended'; readonly responseId: ResponseId }
    | { readonly type: 'state_queued'; readonly turnId: TurnId; readonly state: AgentStateName }
    /** The turn will declare nothing more. */
    | { readonly type: 'turn_closed'; readonly turnId: TurnId }
    /** The turn's speech has the floor: what it queued before its first response may take effect. */
    | { readonly type: 'turn_live'; readonly turnId: TurnId }
    /** The turn's speech is over, however it went: nothing of it will be sent any more. */
    | {
        readonly type: 'turn_ended';
        readonly turnId: TurnId;
        readonly cutBy?: CutBy;
        /** Its text was shown and no audio was asked for. */
        readonly isWritten?: boolean;
      }
    | {
        readonly type: 'audio_sent';
        readonly responseId: ResponseId;
        readonly samples: number;
        readonly sampleRateHz: number;
        /** The earliest instant at which it leaves the transport's queue, if later than now. */
        readonly leavesAtMs?: AgentMs;
        /** When it was handed to the transport, if that was before now. */
        readonly sentAtMs?: AgentMs;
      }
    /** Word times arrive with the audio or before it. */
    | {
        readonly type: 'words_timed';
        readonly responseId: ResponseId;
        readonly words: readonly Word[];
      }
    | { readonly type: 'audio_ended'; readonly responseId: ResponseId }
    | { readonly type: 'response_failed'; readonly responseId: ResponseId; readonly detail: string }
    | { readonly type: 'playhead'; readonly report: PlayheadReport }
    /** Playout of everything sent is being stopped. */
    | { readonly type: 'cut'; readonly by: CutBy; readonly reaches?: CutReach }
    /** Playout stands still: at the listener, or already in the transport's queue. */
    | { readonly type: 'paused'; readonly reaches?: CutReach }
    | { readonly type: 'resumed' }
    | {
        readonly type: 'listener_changed';
        readonly listening: boolean;
        /** Left out: `estimated`. */
        readonly unreported?: Unreported;
      }
    /** How many may hear from now on, whether they report or not. What plays by now, and what is sent while there are several, several may hear. */
    | { readonly type: 'listeners_counted'; readonly listeners: Listeners }
    /** No report of this response will come: its output took none of its audio. */
    | { readonly type: 'report_given_up'; readonly responseId: ResponseId }
    /** The reporting listener has left pings unanswered, or answers again. What sounded from `sinceMs` on until then is not known. */
    | {
        readonly type: 'listener_answers';
        readonly answers: boolean;
        /** When it was last known to be there, or answered again. Left out: not since then, what sounds is not in doubt. */
        readonly sinceMs?: AgentMs;
      }
    /** Who can hear. */
    | ({
        readonly type: 'audibility_changed';
        readonly audibility: Audibility;
      } & AudibilityChange)
    /**
     * Audio that was due to leave the transport's queue at `fromMs` or later leaves `byMs` later; earlier if negative.
     */
    | { readonly type: 'queue_moved'; readonly fromMs: AgentMs; readonly byMs: number }
    /** The transport's estimate of the path, used until a start is measured. */
    | {
        readonly type: 'path_estimated';
        readonly delayMs: number;
        readonly errorBoundMs: number;
      }
    /** `count` messages of a listener were not used; left out: one. */
    | {
        readonly type: 'report_dropped';
        readonly reason: ReportDropReason;
        readonly count?: number;
      }
    | { readonly type: 'callback_threw'; readonly during: string; readonly message: string }
    | {
        readonly type: 'message_corrected';
        readonly messageId: string;
        readonly text: string;
        readonly before: string;
      }
    | { readonly type: 'task_settled'; readonly taskId: string; readonly message?: string }
    | { readonly type: 'task_cancelled'; readonly taskId: string; readonly reason: TaskAbortReason }
    /** A deadline that `step` asked for has come. */
    | { readonly type: 'tick' }
    | { readonly type: 'closed' }
  );

/** `TimelineInput` before the shell puts the instant on it. */
export type UntimedInput = TimelineInput extends infer I
  ? I extends TimelineInput
    ? Omit<I, 'atMs'>
    : never
  : never;
