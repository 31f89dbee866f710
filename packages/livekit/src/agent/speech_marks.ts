import { type MarkOptions, OncueError, type Turn } from '@oncue/core';
import { checkedMark } from '@oncue/core/internal';

/** @throws OncueError `ONCUE_BAD_OPTION` for what is no speech, and for a bad name or option. */
export function checkMarkOfSpeech(speech: unknown, name: string, options: MarkOptions): void {
  const isSpeech =
    typeof (speech as { addDoneCallback?: unknown } | null)?.addDoneCallback === 'function';
  if (!isSpeech) throw bad('markSpeech takes a speech: what session.say() returned');
  checkedMark(name, options);
  if (options.textOffset === undefined)
    throw bad('markSpeech needs textOffset: how many characters of the text come before the mark');
}

function bad(message: string): OncueError {
  return new OncueError('ONCUE_BAD_OPTION', message);
}

/** Marks in the text of a speech that has no `llmNode`. They wait until its response is declared. */
export class SpeechMarks {
  #waiting: (readonly [name: string, options: MarkOptions])[] = [];
  #turn: Turn | undefined;

  place(name: string, options: MarkOptions): void {
    if (this.#turn) this.#turn.mark(name, options);
    else this.#waiting.push([name, options]);
  }

  /** The response of the speech was declared. Only the first counts. */
  declared(turn: Turn): void {
    if (this.#turn) return;
    this.#turn = turn;
    for (const [name, options] of this.#waiting) turn.mark(name, options);
    this.#waiting = [];
  }
}
