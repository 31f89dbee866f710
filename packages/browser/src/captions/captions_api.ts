import type { CaptionOutcome, Playhead } from '@oncue/core/wire';
import type { HeardPosition } from '../reporter/heard_position.ts';

/** How far a response has come in this page. */
export type HeardStatus =
  /** The page knows of it, and nothing of it has sounded. */
  | 'queued'
  | 'playing'
  /** It sounded to its end. */
  | 'heard'
  /** It was played to its end, and nobody could hear some of it. */
  | 'partly_heard'
  | 'cut'
  /** Its text or its voice failed after it had begun. */
  | 'failed'
  /** It ended, and nothing of it was heard. */
  | 'skipped';

/** One word of a response. Offsets are in UTF-16 units, as in `text.slice(start, end)`. */
export interface SpokenWord {
  readonly start: number;
  /** The punctuation that closes the word is included. */
  readonly end: number;
  /** How many samples of the response have sounded when it ends. */
  readonly endSamples: number;
  /** Whether `endSamples` is computed from the usual pace of speech, since the voice gave no timing. */
  readonly isEstimated: boolean;
}

/** A part of the text that has passed. */
export interface PassedPart {
  /** Offset of its first character in the text. */
  readonly at: number;
  readonly text: string;
  /** `false`: nobody could hear it, or it passed while this page was muted. */
  readonly isHeard: boolean;
}

/** A response as the page knows it. Immutable: a change makes a new object. */
export interface HeardResponse {
  readonly id: string;
  readonly status: HeardStatus;
  /** What the response says. Empty if the agent does not share it. */
  readonly text: string;
  readonly isTextComplete: boolean;
  readonly words: readonly SpokenWord[];
  /**
   * What was heard of `text`, in whole words. While the response plays: of what the playhead has passed, as of the last event or call of
   * `playhead`. Words that passed while this page was muted are not in it.
   */
  readonly heardText: string;
  /** What has passed, at the same instant as `heardText`: the words that were heard, and between them those that were not. */
  readonly passed: readonly PassedPart[];
  /** How many words the playhead has passed, at the same instant. Words that were not heard count too. */
  readonly heardWords: number;
  /** The response plays, and this page is muted. */
  readonly isMuted: boolean;
  /** `undefined` if the agent shares nothing. */
  readonly turnId?: string;
  /** Position in its turn, from 0. */
  readonly index?: number;
  /** LiveKit's `lk.segment_id` of its transcript. */
  readonly segmentId?: string;
  /** The fields of the metadata that the agent shares. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Why the response was skipped, if it was and the agent has said why. */
  readonly skipReason?: NonNullable<CaptionOutcome['reason']>;
}

/**
 * What the agent is doing, as somebody who listens to this page perceives it: `speaking` from the first sample that sounds
 * here until the last. The other states are LiveKit's (`lk.agent.state`). `undefined`: no agent is there.
 */
export type AgentHeardState = 'speaking' | 'thinking' | 'listening' | 'idle' | 'initializing';

/** What a handler of an event of one response gets. */
export interface ResponseEvent {
  readonly response: HeardResponse;
  /** How much of the response has sounded, in ms. */
  readonly heardMs: number;
}

/** Why a message of the agent was not used. `unknown_type`: the agent is newer than the page, which is no fault. */
export type MessageDropReason = 'bad_format' | 'too_large' | 'too_many' | 'unknown_type';

/** Events of captions. */
export interface CaptionEvents {
  /** The page learned of a response: from the agent, or by hearing it. */
  readonly response_added: (event: ResponseEvent) => void;
  /** The page learned more of a response: text, words, metadata, what was heard. Does not fire as words pass: use `playhead`. */
  readonly response_changed: (event: ResponseEvent) => void;
  /** The first sample of a response has sounded in this page. */
  readonly response_started: (event: ResponseEvent) => void;
  /** A response sounded to its end: status `heard`, `partly_heard` or `failed`. */
  readonly response_finished: (event: ResponseEvent) => void;
  /** A response was cut after it had begun. `heardText` is what was heard. */
  readonly response_cut: (event: ResponseEvent) => void;
  /** A response ended, and nothing of it was heard. */
  readonly response_skipped: (event: ResponseEvent) => void;
  readonly agent_state_changed: (state: AgentHeardState | undefined) => void;
  /** A message of the agent could not be used. */
  readonly message_dropped: (reason: MessageDropReason) => void;
}

/** What captions use of a reporter. `attachReporter` returns one. */
export interface CaptionReporter {
  /** The reporter follows the agent's audio only in the state `listening`. */
  readonly state: string;
  playhead(): HeardPosition | undefined;
  on(type: 'begin', listener: (position: HeardPosition) => void): () => void;
  on(type: 'report', listener: (report: Playhead) => void): () => void;
  on(type: 'state', listener: () => void): () => void;
}

/** What somebody who listens to this page hears, response by response. */
export interface Captions {
  /** The latest 50 responses, in the order in which the page learned of them. The array is the same until something changes. */
  readonly responses: readonly HeardResponse[];
  readonly agentState: AgentHeardState | undefined;
  /** The reporter's playhead. It never goes back within a response. Words count as heard as far as it goes. */
  playhead(): HeardPosition | undefined;
  /** @returns A function that removes the handler. */
  on<T extends keyof CaptionEvents>(type: T, listener: CaptionEvents[T]): () => void;
  /** Calls `listener` after `responses` or `agentState` has changed, once for changes that come together. @returns As `on`. */
  subscribe(listener: () => void): () => void;
  /** Stops following. The reporter goes on. */
  close(): void;
}
