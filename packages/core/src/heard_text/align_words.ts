import type { Word } from '../step/inputs.ts';
import type { SpokenWord } from './split_words.ts';

/** When the words of a text ended, as far as timed words show it. */
export interface TimedEnds {
  /** For each word from the first, as far as known, the sample by which it had ended. Never decreases. */
  readonly endsSamples: readonly number[];
  /** More timed words follow that could not be matched yet. */
  readonly hasLeftover: boolean;
}

/** What is known of a text besides its words. */
export interface TextPace {
  /** All of the text and of its audio is there. */
  readonly isComplete: boolean;
  /**
   * How long the audio between two samples is, as a share of what the words from `from` to before `to` take at the pace of
   * the words before `from`.
   */
  readonly shareOf: (
    words: { readonly from: number; readonly to: number },
    samples: { readonly from: number; readonly to: number },
  ) => number;
}

/** Speech that takes less than this share of a text's usual time does not contain all of the text. */
const WHOLE_SHARE = 0.5;
/** A number that is being said takes less than this share of its usual time. */
const NUMBER_SHARE = 0.7;

/** How many words of each list are searched for the place where the lists agree again. */
const TEXT_WINDOW = 12;
const TIMED_WINDOW = 48;

/** A timed word, reduced to its letters and digits, with the symbols that the engine timed alone after it ("50", "%"). */
interface Timed {
  readonly letters: string;
  readonly text: string;
  readonly endSamples: number;
  readonly symbols: string;
  readonly symbolsEndSamples: number;
}

/** Neither a letter nor a digit. */
const OTHER = /[^\p{L}\p{N}]/gu;
const SYMBOLS = /[\p{Sc}%‰&+=@°×÷±§]/gu;

/**
 * Aligns the engine's timed words with the words of the text.
 *
 * Only letters and digits are compared, without case, accents and marks, so the engine may split, join and punctuate
 * words differently. Where it says something other than what is written ("fifty percent" for "50%"), the written words
 * in between end when the last engine word in between ends. That may be later than the truth, never earlier.
 *
 * @param pace - tells whether the timed words reach the end of the text, so that the remaining words of both lists belong
 *   together.
 */
export function alignWords(
  text: string,
  words: readonly SpokenWord[],
  timed: readonly Word[],
  pace: TextPace,
): TimedEnds {
  const alignment = new Alignment(text, words, usable(timed), pace);
  alignment.run();
  return alignment.result();
}

class Alignment {
  readonly #words: readonly string[];
  readonly #written: readonly string[];
  readonly #timed: readonly Timed[];
  readonly #pace: TextPace;
  readonly #ends: number[] = [];
  /** The word that is being covered, and how many of its letters are covered. */
  #word = 0;
  #letters = 0;
  #next = 0;

  constructor(text: string, words: readonly SpokenWord[], timed: readonly Timed[], pace: TextPace) {
    this.#pace = pace;
    this.#written = words.map(({ start, end }) => text.slice(start, end));
    this.#words = this.#written.map(lettersOf);
    this.#timed = timed;
  }

  run(): void {
    while (this.#next < this.#timed.length && this.#word < this.#words.length) {
      const timed = this.#timed[this.#next];
      const place = this.#matchAt(this.#next, this.#word, this.#letters);
      if (timed && place) {
        this.#cover(place, timed.endSamples);
        this.#coverSymbols(timed);
        this.#next += 1;
      } else if (!this.#resync()) {
        return;
      }
    }
  }

  result(): TimedEnds {
    // No word matches the text, so these times belong to something else.
    if (this.#ends.length === 0) return { endsSamples: [], hasLeftover: false };
    const hasLeftover = this.#next < this.#timed.length;
    if (this.#goesToTheEnd()) {
      if (hasLeftover) this.#coverGap(this.#words.length, this.#timed.length);
      return { endsSamples: this.#ends, hasLeftover: false };
    }
    if (this.#mayGoOn(this.#ends.length - 1)) {
      // The text has "50%" and only "50" is timed: "percent" may still come.
      if (hasLeftover) this.#extendTo(this.#ends.length, this.#timed.at(-1)?.endSamples);
      else this.#ends.pop();
    }
    return { endsSamples: this.#ends, hasLeftover };
  }

  #goesToTheEnd(): boolean {
    const words = { from: this.#ends.length, to: this.#words.length };
    const samples = { from: this.#ends.at(-1) ?? 0, to: this.#timed.at(-1)?.endSamples ?? 0 };
    return this.#pace.isComplete && this.#pace.shareOf(words, samples) >= WHOLE_SHARE;
  }

  /** The place in the text after timed word `index`, if the text continues with that word here. */
  #matchAt(index: number, word: number, letters: number): Place | undefined {
    const wanted = this.#timed[index]?.letters;
    if (wanted === undefined) return undefined;
    let left = wanted;
    let place = { word, letters };
    while (left !== '') {
      const here = this.#words[place.word]?.slice(place.letters);
      if (here === undefined) return undefined;
      if (left.length < here.length) {
        return here.startsWith(left)
          ? { word: place.word, letters: place.letters + left.length }
          : undefined;
      }
      if (!left.startsWith(here)) return undefined;
      left = left.slice(here.length);
      place = { word: place.word + 1, letters: 0 };
    }
    return place;
  }

  #cover({ word, letters }: Place, endSamples: number): void {
    while (this.#ends.length < word) this.#ends.push(endSamples);
    this.#word = word;
    this.#letters = letters;
  }

  /** A symbol that was timed alone is a word of its own in the text ("5 %"), or the end of the word before it ("5%"). */
  #coverSymbols({ symbols, symbolsEndSamples }: Timed): void {
    if (symbols === '' || this.#letters > 0) return;
    const next = this.#words[this.#word] === '' ? symbolsOf(this.#written[this.#word]) : [];
    if (next.length > 0 && next.every((symbol) => symbols.includes(symbol))) {
      this.#cover({ word: this.#word + 1, letters: 0 }, symbolsEndSamples);
    } else if (
      symbolsOf(this.#written[this.#word - 1]).some((symbol) => symbols.includes(symbol))
    ) {
      this.#extendTo(this.#word, symbolsEndSamples);
    }
  }

  /** Finds the next place where text and engine certainly agree, and covers the words before it. */
  #resync(): boolean {
    const firstWord = this.#letters === 0 ? this.#word : this.#word + 1;
    for (let skipped = 0; skipped < TEXT_WINDOW; skipped += 1) {
      const word = firstWord + skipped;
      if (word >= this.#words.length) return false;
      for (let index = this.#next; index < this.#next + TIMED_WINDOW; index += 1) {
        if (!this.#agreesAt(index, word)) continue;
        this.#coverGap(word, index);
        this.#next = index;
        return true;
      }
    }
    return false;
  }

  /** Two engine words in a row match, or both lists end here. One match alone may be a different "and". */
  #agreesAt(index: number, word: number): boolean {
    if (this.#words[word] === '') return false;
    const place = this.#matchAt(index, word, 0);
    if (!place) return false;
    if (index + 1 < this.#timed.length)
      return this.#matchAt(index + 1, place.word, place.letters) !== undefined;
    if (place.word === this.#words.length && this.#goesToTheEnd()) return true;
    return place.letters === 0 && this.#isAfterOneNumber(index, word);
  }

  /** Only a number stands before the last engine word, and what the engine said before that took as long as the number does. */
  #isAfterOneNumber(index: number, word: number): boolean {
    const from = this.#ends.length;
    if (word !== from + 1 || index === this.#next) return false;
    if (!/\p{N}/u.test(this.#words[from] ?? '')) return false;
    const samples = {
      from: this.#ends.at(-1) ?? 0,
      to: this.#timed[index - 1]?.endSamples ?? 0,
    };
    return this.#pace.shareOf({ from, to: word }, samples) >= NUMBER_SHARE;
  }

  /** Covers the words before `word` with the timed words before `index`, which say the same thing differently. */
  #coverGap(word: number, index: number): void {
    const gap = this.#timed.slice(this.#next, index);
    const lastSamples = gap.at(-1)?.endSamples;
    this.#extendTo(word, lastSamples);
    this.#coverShared(word, gap);
    this.#extendTo(word, lastSamples);
    this.#cover({ word, letters: 0 }, lastSamples ?? this.#timed[index]?.endSamples ?? 0);
  }

  /** Extra engine words before `word` belong to the word before it. */
  #extendTo(word: number, endSamples: number | undefined): void {
    if (word > 0 && this.#ends.length === word && endSamples !== undefined)
      this.#ends[word - 1] = endSamples;
  }

  #coverShared(word: number, gap: readonly Timed[]): void {
    let said = -1;
    for (const { at, timedAt } of this.#sharedIn(this.#ends.length, word, gap)) {
      const sharedSamples = gap[timedAt]?.endSamples ?? 0;
      const between = timedAt > said + 1 ? gap[timedAt - 1]?.endSamples : undefined;
      this.#extendTo(at, between);
      while (this.#ends.length < at) this.#ends.push(between ?? sharedSamples);
      this.#ends.push(sharedSamples);
      said = timedAt;
    }
  }

  /** Words inside a gap that occur equally often, in the same order, in text and speech: "or" in "$5 or $6". */
  #sharedIn(from: number, to: number, gap: readonly Timed[]): { at: number; timedAt: number }[] {
    const shared: { at: number; timedAt: number }[] = [];
    for (let at = from; at < to; at += 1) {
      const letters = this.#words[at] ?? '';
      const written = this.#words.slice(from, to).filter((other) => other === letters).length;
      const said = gap.flatMap((other, place) => (other.letters === letters ? [place] : []));
      if (letters === '' || said.length !== written) continue;
      const earlier = shared.filter((other) => this.#words[other.at] === letters).length;
      const timedAt = said[earlier] ?? 0;
      if (timedAt > (shared.at(-1)?.timedAt ?? -1)) shared.push({ at, timedAt });
    }
    return shared;
  }

  /** Whether the engine may not have finished a word: the word has a symbol that was not spoken yet. */
  #mayGoOn(word: number): boolean {
    const written = this.#written[word];
    if (written === undefined || word !== this.#word - 1) return false;
    const last = this.#timed[this.#next - 1];
    const said = last ? last.text + last.symbols : '';
    return symbolsOf(written).some((symbol) => !said.includes(symbol));
  }
}

interface Place {
  readonly word: number;
  readonly letters: number;
}

/** The timed words that have letters or digits, with ends that never decrease. */
function usable(timed: readonly Word[]): readonly Timed[] {
  const result: Timed[] = [];
  let lastSamples = 0;
  for (const { text, endSamples } of timed) {
    if (!Number.isFinite(endSamples)) continue;
    const letters = lettersOf(text);
    if (letters !== '') {
      lastSamples = Math.max(lastSamples, endSamples);
      const symbolsEndSamples = lastSamples;
      result.push({ letters, text, endSamples: lastSamples, symbols: '', symbolsEndSamples });
      continue;
    }
    const before = result.pop();
    if (!before) continue;
    const symbols = symbolsOf(text).join('');
    if (symbols !== '') lastSamples = Math.max(lastSamples, endSamples);
    const symbolsEndSamples = Math.max(before.symbolsEndSamples, lastSamples);
    result.push({ ...before, symbols: before.symbols + symbols, symbolsEndSamples });
  }
  return result;
}

function symbolsOf(text = ''): readonly string[] {
  return text.match(SYMBOLS) ?? [];
}

/** Only letters and digits, without case, accents and other marks. A letter that is nothing but a mark stays as it is. */
function lettersOf(text: string): string {
  const plain = text.normalize('NFKD').toLowerCase().normalize('NFKD').replace(OTHER, '');
  return plain === '' ? text.replace(OTHER, '') : plain;
}
