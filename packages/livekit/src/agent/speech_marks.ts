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

/** An answer is marked while its text is written, and a mark that is placed from outside would never be reached. */
export function markOfAnswer(): OncueError {
  return bad(
    'markSpeech takes what session.say() returned; in an answer of the model, call turn.mark() between two yields of respond or llmNode',
  );
}

function bad(message: string): OncueError {
  return new OncueError('ONCUE_BAD_OPTION', message);
}

/** Marks in the text of a speech that has no `llmNode`. They wait until its response is declared. */
export class SpeechMarks {
  #waiting: (readonly [name: string, options: MarkOptions])[] = [];
  #turn: Turn | undefined;

  /** @throws OncueError `ONCUE_TURN_ENDED` when the text has been read to its end. */
  place(name: string, options: MarkOptions): void {
    if (!this.#turn) {
      this.#waiting.push([name, options]);
      return;
    }
    try {
      this.#turn.mark(name, options);
    } catch (error) {
      if (!(error instanceof OncueError) || error.code !== 'ONCUE_TURN_ENDED') throw error;
      throw new OncueError(
        'ONCUE_TURN_ENDED',
        `cannot place the mark "${name}": the text of the speech has been read to its end; call markSpeech right after say(), before an await`,
      );
    }
  }

  /** The response of the speech was declared. Only the first counts. */
  declared(turn: Turn): void {
    if (this.#turn) return;
    this.#turn = turn;
    for (const [name, options] of this.#waiting) turn.mark(name, options);
    this.#waiting = [];
  }
}
