import type { OncueEventOf, ResponseId, TurnId } from '@oncue/core';
import {
  type CaptionWordList,
  captionWords,
  type HeardTextQuery,
  type ResponseState,
} from '@oncue/core/internal';
import {
  type CaptionMessage,
  type CaptionOutcome,
  MAX_CAPTION_PIECE_CHARS,
  MAX_CAPTION_TEXT_CHARS,
  MAX_CAPTION_WORDS,
} from '@oncue/core/wire';
import { heardSpans } from './heard_spans.ts';
import { SharedMarks } from './shared_marks.ts';

/** What names a response for a page. */
export interface SharedRef {
  readonly responseId: ResponseId;
  readonly turnId: TurnId;
  readonly index: number;
  readonly sampleRateHz: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const NO_WORDS: CaptionWordList = { words: [], timedWords: 0 };

/** One response as pages know it, and what of it was sent to them. Every message says what holds now. */
export class SharedResponse {
  readonly #ref: SharedRef;
  readonly #isTextShared: boolean;
  readonly marks: SharedMarks;
  #segmentId: string | undefined;
  #text = '';
  #isComplete = false;
  #isTextCut = false;
  #list = NO_WORDS;
  #outcome: CaptionOutcome | undefined;
  /** As it was last seen. Its words are found when they are sent: that costs more than to keep it. */
  #latest: ResponseState | undefined;
  #sent = { isKnown: false, chars: 0, isComplete: false, list: NO_WORDS, isOver: false };

  /** @param isTextShared Whether pages get its text. */
  constructor(ref: SharedRef, isTextShared: boolean) {
    this.#ref = ref;
    this.#isTextShared = isTextShared;
    this.marks = new SharedMarks(ref.responseId);
  }

  /** Its end is known. */
  get isOver(): boolean {
    return this.#outcome !== undefined;
  }

  setSegment(segmentId: string): void {
    if (this.#segmentId === segmentId) return;
    this.#segmentId = segmentId;
    this.#sent.isKnown = false;
  }

  /** More of its text or its words is known. */
  take(response: ResponseState): void {
    this.#latest = response;
  }

  #refresh(): void {
    if (!this.#latest) return;
    const { text, textEnded, words, audio, audioEnded, truncated, failure } = this.#latest;
    this.#latest = undefined;
    const isWhole = audioEnded && !truncated && failure === undefined;
    const query: HeardTextQuery = {
      text,
      textEnded,
      words,
      heardSamples: 0,
      sentSamples: audio?.sentSamples ?? 0,
      sampleRateHz: this.#ref.sampleRateHz,
      audioEnded: isWhole,
    };
    this.marks.locate(query);
    if (!this.#isTextShared) return;
    this.#setText(text, textEnded);
    this.#list = captionWords({ ...query, text: this.#text, textEnded: this.#isComplete });
  }

  /** It ended. */
  end(event: OncueEventOf<'response_playback_finished' | 'response_skipped'>): void {
    const { responseId } = this.#ref;
    this.#refresh();
    if (event.type === 'response_skipped') {
      const { reason } = event;
      this.#outcome = { type: 'outcome', responseId, outcome: 'skipped', reason, heardSamples: 0 };
      return;
    }
    const { outcome, heardSamples } = event;
    if (this.#isTextShared) this.#setText(event.fullText, true);
    const chars = this.#isTextShared
      ? heardSpans(event, this.#list.words, this.#ref.sampleRateHz, this.#text.length)
      : {};
    this.#outcome = { type: 'outcome', responseId, outcome, heardSamples, ...chars };
  }

  /** The messages for a page that knows nothing of it. */
  snapshot(): readonly CaptionMessage[] {
    return this.#messagesSince({ chars: 0, isComplete: false, list: NO_WORDS });
  }

  /** At most `most` of the messages that are due; they count as sent. */
  takeDue(most: number): readonly CaptionMessage[] {
    const due = this.#due().slice(0, most);
    for (const message of due) this.#noteSent(message);
    return due;
  }

  /** Everything has been sent by other means. */
  noteAllSent(): void {
    this.takeDue(Number.POSITIVE_INFINITY);
  }

  #due(): readonly CaptionMessage[] {
    const { isKnown, isOver } = this.#sent;
    const messages = this.#messagesSince(this.#sent);
    const due = this.marks.due;
    return messages.filter((message) => {
      if (message.type === 'mark') return due.includes(message);
      return !(message.type === 'response' && isKnown) && !(message.type === 'outcome' && isOver);
    });
  }

  #messagesSince(of: {
    readonly chars: number;
    readonly isComplete: boolean;
    readonly list: CaptionWordList;
  }): CaptionMessage[] {
    this.#refresh();
    const segment = this.#segmentId === undefined ? {} : { segmentId: this.#segmentId };
    return [
      { type: 'response', ...this.#ref, ...segment },
      ...this.#textSince(of.chars, of.isComplete),
      ...this.#wordsSince(of.list),
      ...this.marks.all,
      ...(this.#outcome ? [this.#outcome] : []),
    ];
  }

  #textSince(chars: number, isComplete: boolean): CaptionMessage[] {
    const { responseId } = this.#ref;
    const whole = this.#text;
    const pieces: CaptionMessage[] = [];
    for (let atChar = chars; atChar < whole.length; atChar += MAX_CAPTION_PIECE_CHARS) {
      const text = whole.slice(atChar, atChar + MAX_CAPTION_PIECE_CHARS);
      const isLast = atChar + text.length === whole.length;
      pieces.push({
        type: 'text',
        responseId,
        atChar,
        text,
        isComplete: this.#isComplete && isLast,
      });
    }
    if (pieces.length === 0 && this.#isComplete && !isComplete)
      pieces.push({ type: 'text', responseId, atChar: whole.length, text: '', isComplete: true });
    return pieces;
  }

  #wordsSince(sent: CaptionWordList): CaptionMessage[] {
    const { responseId } = this.#ref;
    const { words, timedWords } = this.#list;
    const same = firstDifference(sent.words, words);
    if (same === words.length && same === sent.words.length && timedWords === sent.timedWords)
      return [];
    const messages: CaptionMessage[] = [];
    // The word before the first new one, if none is new: its `timedWords` is.
    let from = Math.min(Math.floor(same / 3), Math.max(0, words.length / 3 - 1));
    while (from * 3 < words.length) {
      const chunk = words.slice(from * 3, (from + MAX_CAPTION_WORDS) * 3);
      messages.push({ type: 'words', responseId, fromWord: from, timedWords, words: chunk });
      from += MAX_CAPTION_WORDS;
    }
    return messages;
  }

  #noteSent(message: CaptionMessage): void {
    const sent = this.#sent;
    if (message.type === 'response') sent.isKnown = true;
    if (message.type === 'outcome') sent.isOver = true;
    if (message.type === 'mark') this.marks.noteSent(message);
    if (message.type === 'text') {
      sent.chars = message.atChar + message.text.length;
      sent.isComplete = message.isComplete;
    }
    if (message.type === 'words') {
      const words = [...sent.list.words.slice(0, message.fromWord * 3), ...message.words];
      sent.list = { words, timedWords: message.timedWords };
    }
  }

  /** Text only grows, so what is beyond the limit never shows. */
  /** Its text is longer than what is shared of one. */
  get isTextCut(): boolean {
    return this.#isTextCut;
  }

  #setText(text: string, isComplete: boolean): void {
    this.#isTextCut ||= text.length > MAX_CAPTION_TEXT_CHARS;
    this.#text = text.slice(0, MAX_CAPTION_TEXT_CHARS);
    this.#isComplete = isComplete || text.length > MAX_CAPTION_TEXT_CHARS;
  }
}

function firstDifference(before: readonly number[], after: readonly number[]): number {
  const length = Math.min(before.length, after.length);
  for (let at = 0; at < length; at += 1) if (before[at] !== after[at]) return at;
  return length;
}
