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

/** A word of the text, reduced to its letters and digits. */
interface WrittenWord {
  readonly letters: string;
  readonly symbols: readonly string[];
  readonly isNumber: boolean;
}

/** A timed word, reduced to its letters and digits, with the symbols that the engine timed alone after it ("50", "%"). */
interface Timed {
  readonly letters: string;
  readonly endSamples: number;
  readonly symbols: readonly string[];
  readonly symbolsEndSamples: number;
  /** These symbols, and those inside the word. */
  readonly allSymbols: readonly string[];
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
  readonly #words: readonly WrittenWord[];
  readonly #timed: readonly Timed[];
  readonly #pace: TextPace;
  /** Of the words that are covered. */
  readonly #ends: number[] = [];
  /** How many letters of the next word are covered. */
  #letters = 0;
  /** The timed word to be matched. */
  #next = 0;

  constructor(text: string, words: readonly SpokenWord[], timed: readonly Timed[], pace: TextPace) {
    this.#pace = pace;
    this.#words = words.map(({ start, end }) => writtenWord(text.slice(start, end)));
    this.#timed = timed;
  }

  run(): void {
    let goesOn = true;
    while (goesOn) goesOn = this.#coverNext() || this.#resync();
  }

  result(): TimedEnds {
    // No word matches the text, so these times belong to something else.
    if (this.#ends.length === 0) return { endsSamples: [], hasLeftover: false };
    const hasLeftover = this.#next < this.#timed.length;
    if (this.#goesToTheEnd()) {
      if (hasLeftover) this.#coverGap(this.#words.length, this.#timed.length);
      return { endsSamples: this.#ends, hasLeftover: false };
    }
    if (this.#mayGoOn()) {
      // The text has "50%" and only "50" is timed: "percent" may still come.
      if (hasLeftover) this.#extendTo(this.#ends.length, this.#endOf(this.#timed.length - 1));
      else this.#ends.pop();
    }
    return { endsSamples: this.#ends, hasLeftover };
  }

  #endOf(index: number): number {
    return this.#timed[index]?.endSamples ?? 0;
  }

  #goesToTheEnd(): boolean {
    const words = { from: this.#ends.length, to: this.#words.length };
    const samples = { from: this.#ends.at(-1) ?? 0, to: this.#endOf(this.#timed.length - 1) };
    return this.#pace.isComplete && this.#pace.shareOf(words, samples) >= WHOLE_SHARE;
  }

  /** Covers what the next timed word says, if the text continues with that. */
  #coverNext(): boolean {
    const timed = this.#timed[this.#next];
    const place = this.#matchAt(this.#next, this.#ends.length, this.#letters);
    if (!timed || !place) return false;
    this.#cover(place, timed.endSamples);
    this.#coverSymbols(timed);
    this.#next += 1;
    return true;
  }

  /** The place in the text after timed word `index`, if the text continues with that word here. */
  #matchAt(index: number, word: number, letters: number): Place | undefined {
    const wanted = this.#timed[index]?.letters;
    if (wanted === undefined) return undefined;
    let left = wanted;
    let place = { word, letters };
    while (left !== '') {
      const here = this.#words[place.word]?.letters.slice(place.letters);
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
    this.#letters = letters;
  }

  /** A symbol that was timed alone is a word of its own in the text ("5 %"), or the end of the word before it ("5%"). */
  #coverSymbols({ symbols, symbolsEndSamples }: Timed): void {
    if (this.#letters > 0) return;
    const isSaid = (symbol: string): boolean => symbols.includes(symbol);
    const word = this.#ends.length;
    const next = this.#words[word];
    if (next?.letters === '' && next.symbols.every(isSaid)) {
      this.#cover({ word: word + 1, letters: 0 }, symbolsEndSamples);
    } else if (this.#words[word - 1]?.symbols.some(isSaid)) {
      this.#extendTo(word, symbolsEndSamples);
    }
  }

  /** Finds the next place where text and engine certainly agree, and covers the words before it. */
  #resync(): boolean {
    const firstWord = this.#letters === 0 ? this.#ends.length : this.#ends.length + 1;
    const untilWord = Math.min(firstWord + TEXT_WINDOW, this.#words.length);
    for (let word = firstWord; word < untilWord; word += 1) {
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
    if (this.#words[word]?.letters === '') return false;
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
    if (!this.#words[from]?.isNumber) return false;
    const samples = { from: this.#ends.at(-1) ?? 0, to: this.#endOf(index - 1) };
    return this.#pace.shareOf({ from, to: word }, samples) >= NUMBER_SHARE;
  }

  /** Covers the words before `word` with the timed words before `index`, which say the same thing differently. */
  #coverGap(word: number, index: number): void {
    this.#coverShared(word, index);
    const lastSamples = index > this.#next ? this.#endOf(index - 1) : undefined;
    this.#extendTo(word, lastSamples);
    this.#cover({ word, letters: 0 }, lastSamples ?? this.#endOf(index));
  }

  /** Extra engine words before `word` belong to the word before it. */
  #extendTo(word: number, endSamples: number | undefined): void {
    if (word > 0 && this.#ends.length === word && endSamples !== undefined)
      this.#ends.splice(word - 1, 1, endSamples);
  }

  #coverShared(word: number, index: number): void {
    let said = this.#next - 1;
    for (const { at, timedAt } of this.#sharedIn(word, index)) {
      const between = timedAt > said + 1 ? this.#endOf(timedAt - 1) : undefined;
      this.#extendTo(at, between);
      while (this.#ends.length < at) this.#ends.push(between ?? this.#endOf(timedAt));
      this.#ends.push(this.#endOf(timedAt));
      said = timedAt;
    }
  }

  /**
   * Words before `word` that occur equally often, in the same order, among the timed words before `index`: "or" in
   * "$5 or $6".
   */
  #sharedIn(word: number, index: number): { at: number; timedAt: number }[] {
    const from = this.#ends.length;
    const written = this.#words.slice(from, word).map(({ letters }) => letters);
    const gap = this.#timed.slice(this.#next, index).map(({ letters }) => letters);
    const shared: { at: number; timedAt: number }[] = [];
    let last = -1;
    for (const [place, letters] of written.entries()) {
      const said = placesOf(letters, gap);
      const wanted = placesOf(letters, written);
      const timedAt = said[wanted.indexOf(place)] ?? 0;
      if (said.length !== wanted.length || timedAt <= last) continue;
      shared.push({ at: from + place, timedAt: this.#next + timedAt });
      last = timedAt;
    }
    return shared;
  }

  /** Whether the engine may not have finished the last word: that has a symbol which was not spoken yet. */
  #mayGoOn(): boolean {
    const said = this.#timed[this.#next - 1]?.allSymbols;
    return !this.#words[this.#ends.length - 1]?.symbols.every((symbol) => said?.includes(symbol));
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
    const letters = lettersOf(text);
    const symbols = symbolsOf(text);
    const isSpoken = letters !== '' || symbols.length > 0;
    if (!isSpoken || !Number.isFinite(endSamples)) continue;
    lastSamples = Math.max(lastSamples, endSamples);
    const ends = { endSamples: lastSamples, symbolsEndSamples: lastSamples };
    if (letters !== '') {
      result.push({ letters, ...ends, symbols: [], allSymbols: symbols });
      continue;
    }
    const before = result.pop();
    if (!before) continue;
    result.push({
      ...before,
      symbols: [...before.symbols, ...symbols],
      symbolsEndSamples: lastSamples,
      allSymbols: [...before.allSymbols, ...symbols],
    });
  }
  return result;
}

function placesOf(letters: string, list: readonly string[]): readonly number[] {
  return list.flatMap((other, place) => (other === letters ? [place] : []));
}

function writtenWord(text: string): WrittenWord {
  const letters = lettersOf(text);
  return { letters, symbols: symbolsOf(text), isNumber: /\p{N}/u.test(letters) };
}

function symbolsOf(text: string): readonly string[] {
  return text.match(SYMBOLS) ?? [];
}

/**
 * Only letters and digits, without case, accents and other marks. A letter that is nothing but a mark stays as it is.
 * In upper case, since only there "ß" is "SS", and each "σ" the same.
 */
export function lettersOf(text: string): string {
  const plain = text.normalize('NFKD').replace(OTHER, '').toUpperCase();
  return plain === '' ? text.replace(OTHER, '') : plain;
}
