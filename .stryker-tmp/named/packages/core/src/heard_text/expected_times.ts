import { maskSilent, silentSpans } from './silent_spans.ts';
import type { SpokenWord } from './split_words.ts';

/** When the words of a text are expected to be spoken at a steady, average pace, in ms from the start of its audio. */
export interface ExpectedTimes {
  /** The end of each word. */
  readonly endsMs: readonly number[];
  /** The duration of all of the text, with the silence after it. */
  readonly totalMs: number;
}

/**
 * How long a character takes, in ms; the first match counts. Every language conveys about the same amount of
 * information per second, so a sign that stands for a syllable takes several times as long as a letter.
 */
const CHAR_MS: readonly (readonly [RegExp, number])[] = [
  [/[\p{Script=Thai}\p{Script=Lao}]/u, 75],
  [/\p{M}/u, 25],
  [/\p{N}/u, 370],
  [/\p{Script=Latin}/u, 70],
  [/\p{Script=Han}/u, 250],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 130],
  [/\p{Script=Hangul}/u, 190],
  [/\p{Script=Ethiopic}/u, 150],
  [/[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}]/u, 110],
  [/[\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}]/u, 110],
  [/[\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}]/u, 110],
  [/[\p{Script=Myanmar}\p{Script=Khmer}]/u, 110],
  [/\p{L}/u, 75],
  // These are spoken as words: "dollars", "percent", "degrees".
  [/[\p{Sc}%‰°]/u, 450],
  [/[&+=@×÷±§]/u, 250],
];
/** An abbreviation that is spelled out. */
const SPELLED = /^\p{Lu}{2,5}$/u;
const SPELLED_LETTER_MS = 190;
const DECIMAL_POINT_MS = 200;

/** The pause between two words, by the strongest punctuation mark between them. */
const PAUSES_MS: readonly (readonly [RegExp, number])[] = [
  [/[.!?。！？؟।။…]|\n\s*\n/u, 400],
  [/[,;:，、；：،؛၊—–\n]|--/u, 200],
];
/** The silence with which engines begin and end. */
const LEAD_MS = 40;
const TRAIL_MS = 150;

/** The expected times of `words`, which are the words of `text`. */
export function expectedTimes(text: string, words: readonly SpokenWord[]): ExpectedTimes {
  const spoken = maskSilent(text);
  const spans = silentSpans(text);
  const endsMs: number[] = [];
  let atMs = LEAD_MS;
  let from = 0;
  let nextSpan = 0;
  for (const { start, end } of words) {
    if (from > 0) atMs += pauseMs(spoken.slice(from, start));
    for (let span = spans[nextSpan]; span && span.start < start; span = spans[nextSpan]) {
      atMs += span.pauseMs;
      nextSpan += 1;
    }
    atMs += wordMs(spoken.slice(start, end));
    endsMs.push(atMs);
    from = end;
  }
  for (const span of spans.slice(nextSpan)) atMs += span.pauseMs;
  return { endsMs, totalMs: atMs + TRAIL_MS };
}

function wordMs(word: string): number {
  if (SPELLED.test(word)) return word.length * SPELLED_LETTER_MS;
  let ms = 0;
  for (const char of word) ms += CHAR_MS.find(([chars]) => chars.test(char))?.[1] ?? 0;
  return ms + (word.match(/(?<=\d)\.(?=\d)/g)?.length ?? 0) * DECIMAL_POINT_MS;
}

function pauseMs(between: string): number {
  return PAUSES_MS.find(([marks]) => marks.test(between))?.[1] ?? 0;
}
