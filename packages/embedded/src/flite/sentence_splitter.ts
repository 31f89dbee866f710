/** A piece of text that is synthesized on its own. @internal */
export interface TextPiece {
  /** The text as it came, with its white space: the pieces of a text, joined, are the text. */
  readonly text: string;
  /**
   * True if a sentence or line ends here, so that a pause belongs after it; false if it was only
   * too long.
   */
  readonly endsSentence: boolean;
}

/**
 * How long a piece may grow before it is cut at a comma or a space, in characters.
 *
 * Speech of 240 characters is about 15 s, and takes 0.2–0.4 s to make on one core. A lower limit
 * cuts more sentences in two, and each cut costs the melody.
 */
const MAX_PIECE_CHARS = 240;

/**
 * Marks after which a sentence may end, with the quotes and brackets that can close behind them.
 */
const SENTENCE_END = /[.!?…]["'”’)\]*_]*$/;

/** Words that carry a dot in mid-sentence. Not "no." and "etc.", which end sentences more often. */
const ABBREVIATIONS: ReadonlySet<string> = new Set([
  ...['mr', 'mrs', 'ms', 'dr', 'prof', 'sr', 'jr', 'st', 'mt', 'vs', 'ca', 'approx', 'dept'],
  ...['est', 'fig', 'vol', 'jan', 'feb', 'mar', 'apr', 'jun', 'jul', 'aug', 'sep', 'sept', 'oct'],
  ...['nov', 'dec'],
]);

/** "e.g." and "p.m.", and "J. Smith", but not "so do I." */
const DOTTED_OR_INITIAL = /^(?:(?:[A-Za-z]\.)+[A-Za-z]|[A-HJ-Z])$/;

/** A list's number: "1." or "2)" at the start belongs to what follows. */
const LIST_NUMBER = /^\s*\d{1,3}[.)]$/;

/** Longest tail that `endsSentence` has to see. */
const LOOK_BACK_CHARS = 24;

/**
 * Cuts a growing text into sentences, each as soon as the white space behind it has come.
 *
 * LiveKit's own tokenizer joins short sentences and normalises white space; captions need the text
 * unchanged and the first sound needs the first sentence alone, however short. The result depends
 * on the text only, not on how it was cut into pushes.
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

  /** @returns What is left, as the last piece. The splitter is then as new. */
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
