import type { SkipReason } from '../events.ts';
import type { ResponseId, TurnId } from '../units.ts';

/**
 * The messages by which an agent shares with a page what the page needs to show captions. Each is one JSON object on a
 * topic of its own, on a channel that keeps their order and loses none.
 *
 * Each says what holds now, not what changed, so a page that joins late is sent the same messages. A page ignores a message
 * whose `type` it does not know: later versions of an agent may send more types.
 */
export const CAPTION_VERSION = 1;

/** Topic of these data packets in a room. */
export const CAPTION_TOPIC = 'oncue.captions';

/** Longest text in one `text` message, in UTF-16 units: even if each is escaped, the message is shorter than `MAX_WIRE_CHARS`. */
export const MAX_CAPTION_PIECE_CHARS = 600;

/** Most words in one `words` message. */
export const MAX_CAPTION_WORDS = 100;

/** Most marks of one response. */
export const MAX_CAPTION_MARKS = 100;

/** What of a response is shared at most: longer text ends there, in UTF-16 units. */
export const MAX_CAPTION_TEXT_CHARS = 20_000;

/** A response exists. Sent again if more of it becomes known. */
export interface CaptionResponse {
  readonly type: 'response';
  readonly responseId: ResponseId;
  readonly turnId: TurnId;
  /** Position of the response in its turn, from 0. */
  readonly index: number;
  /** The rate of all samples that are counted for it, Hz. */
  readonly sampleRateHz: number;
  /** LiveKit's `lk.segment_id` of its transcript. */
  readonly segmentId?: string;
  /** Only the fields that the agent allows. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A piece of the text of a response. All offsets are in UTF-16 units, as JavaScript counts. */
export interface CaptionText {
  readonly type: 'text';
  readonly responseId: ResponseId;
  /** Where the piece begins in the whole text. */
  readonly atChar: number;
  readonly text: string;
  /** The text ends here. */
  readonly isComplete: boolean;
}

/** Where words end, in the text and in the audio. The words from `fromWord` on are these. */
export interface CaptionWords {
  readonly type: 'words';
  readonly responseId: ResponseId;
  readonly fromWord: number;
  /** So many words of the response, from its first, have an end from the voice's word timings. Those after are estimated. */
  readonly timedWords: number;
  /**
   * Three numbers for each word: the offset of its first character; the offset after its last one and after the punctuation
   * that closes it; and how many samples of the response have sounded when it ends.
   */
  readonly words: readonly number[];
}

/** Where a mark is in the audio. Sent again if more of its place becomes known. */
export interface CaptionMark {
  readonly type: 'mark';
  readonly responseId: ResponseId;
  /** Which mark of the response it is, from 0 to 99, in the order in which they were placed. */
  readonly mark: number;
  /** The application's name for it. Two marks may have the same. */
  readonly name: string;
  /** How many samples of the response have sounded when it is reached. */
  readonly atSamples: number;
  /** The voice gave no timing for it: `atSamples` is what the usual pace of speech says. */
  readonly isEstimated: boolean;
}

/** A response has ended. */
export interface CaptionOutcome {
  readonly type: 'outcome';
  readonly responseId: ResponseId;
  readonly outcome: 'heard' | 'partly_heard' | 'cut' | 'failed' | 'skipped';
  /** Why, if it was skipped. */
  readonly reason?: SkipReason;
  /** Samples that were heard. */
  readonly heardSamples: number;
  /** The text up to this offset was heard. Absent if no text is shared. */
  readonly heardChars?: number;
  /** Parts of that text that sounded while nobody could hear: the offset of the first character, and the one after the last. */
  readonly unheardChars?: readonly number[];
}

/** A message for captions, without its envelope. */
export type CaptionMessage =
  | CaptionResponse
  | CaptionText
  | CaptionWords
  | CaptionMark
  | CaptionOutcome;

/** Fields of every message. */
export interface CaptionEnvelope {
  readonly v: typeof CAPTION_VERSION;
  /** New for every session of the agent; the same as in its other messages. */
  readonly epoch: string;
  /** Increases from message to message, from 1. A page uses no message with a number that is not higher than the last. */
  readonly seq: number;
}
