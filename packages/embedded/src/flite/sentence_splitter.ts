/** A piece of text that is synthesized on its own. @internal */
export interface TextPiece {
  /** The original text with its white space: the pieces, joined, are the whole text. */
  readonly text: string;
  /**
   * True if a sentence or line ends here, so that a pause follows; false if the piece was only too
   * long.
   */
  readonly endsSentence: boolean;
}

/**
 * The most characters of a piece before it is split at a comma or a space.
 *
 * 240 characters are about 15 s of speech and take 0.2–0.4 s to synthesize on one core. A lower limit
 * would split more sentences, and each split breaks their intonation.
 */
const MAX_PIECE_CHARS = 240;

/**
 * Marks that may end a sentence, with the quotes and brackets that can follow them.
 */
const SENTENCE_END = /[.!?…]["'”’)\]*_]*$/;

/** Words with a dot inside a sentence. Not "no." and "etc.": these end a sentence more often. */
const ABBREVIATIONS: ReadonlySet<string> = new Set([
  ...['mr', 'mrs', 'ms', 'dr', 'prof', 'sr', 'jr', 'st', 'mt', 'vs', 'ca', 'approx', 'dept'],
  ...['est', 'fig', 'vol', 'jan', 'feb', 'mar', 'apr', 'jun', 'jul', 'aug', 'sep', 'sept', 'oct'],
  ...['nov', 'dec'],
]);

/** "e.g." and "p.m.", and "J. Smith", but not "so do I." */
const DOTTED_OR_INITIAL = /^(?:(?:[A-Za-z]\.)+[A-Za-z]|[A-HJ-Z])$/;

/** A list's number: "1." or "2)" at the start belongs to what follows. */
const LIST_NUMBER = /^\s*\d{1,3}[.)]$/;

/** How much of the end of the text `endsSentence` looks at. */
const LOOK_BACK_CHARS = 24;

/**
 * Splits a growing text into sentences, each as soon as the white space after it arrives.
 *
 * LiveKit's own tokenizer joins short sentences and normalizes white space. Captions need the text
 * unchanged, and speech starts soonest if the first sentence is alone, however short. The result
 * depends only on the text, not on how it was split into pushes.
 *
 * @internal
 */
export class SentenceSplitter {
  #pending = '';

  /** @returns The pieces that this text completes, in order. */
  push(text: string): TextPiece[] {
    const pieces: TextPiece[] = [];
    for (const unit of text.split('')) {
      this.#pending += unit;
      const piece = this.#cut(unit);
      if (piece) pieces.push(piece);
    }
    return pieces;
  }

  /** @returns The rest, as the last piece. The splitter can then take a new text. */
  flush(): TextPiece[] {
    const text = this.#pending;
    this.#pending = '';
    return text === '' ? [] : [{ text, endsSentence: true }];
  }

  #cut(lastUnit: string): TextPiece | undefined {
    if (!/\s/.test(lastUnit)) return undefined;
    const before = this.#pending.slice(0, -1);
    if (before.trim() === '') return undefined;
    if (lastUnit === '\n' || endsSentence(before)) return this.#take(this.#pending.length, true);
    if (this.#pending.length <= MAX_PIECE_CHARS) return undefined;

    const atClause = before.search(/[,;:]\s(?!.*[,;:]\s)/s) + 2;
    return this.#take(atClause > MAX_PIECE_CHARS / 3 ? atClause : this.#pending.length, false);
  }

  #take(lengthChars: number, isSentence: boolean): TextPiece {
    const text = this.#pending.slice(0, lengthChars);
    this.#pending = this.#pending.slice(lengthChars);
    return { text, endsSentence: isSentence };
  }
}

function endsSentence(text: string): boolean {
  const tail = text.slice(-LOOK_BACK_CHARS);
  if (!SENTENCE_END.test(tail) || LIST_NUMBER.test(text)) return false;
  const word = /([A-Za-z.]+)\.$/.exec(tail)?.[1] ?? '';
  return !ABBREVIATIONS.has(word.toLowerCase()) && !DOTTED_OR_INITIAL.test(word);
}
