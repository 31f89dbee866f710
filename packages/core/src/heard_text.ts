import type { HeardTextSource } from './events.ts';
import type { Word } from './step/inputs.ts';

/** What of a response is needed to say which of its text was heard. */
export interface HeardTextQuery {
  readonly text: string;
  readonly words: readonly Word[];
  readonly heardSamples: number;
  readonly sentSamples: number;
  readonly sampleRateHz: number;
  /** All audio of the response was sent, so `sentSamples` stands for the whole `text`. */
  readonly audioEnded: boolean;
}

/**
 * Characters of English a second at the pace of speech engines, for text whose audio is not complete. Measured on
 * nothing: it only serves a response that is cut while it is still being synthesised and has no word times.
 */
const CHARS_PER_SECOND = 15;

/**
 * The part of a response's text whose words were heard to their end.
 *
 * A word that was cut in the middle does not count, so the text never claims what was not heard. With word times the
 * answer is exact to the word; without, it is in proportion to the samples and the source says so.
 */
export function heardText(query: HeardTextQuery): {
  readonly text: string;
  readonly source: HeardTextSource;
} {
  const { text, words, heardSamples, sentSamples, audioEnded } = query;
  const source: HeardTextSource = words.length > 0 ? 'word_timings' : 'proportional';
  if (heardSamples <= 0) return { text: '', source };
  if (audioEnded && heardSamples >= sentSamples) return { text, source };
  if (words.length === 0) return { text: wholeWords(text, heardChars(query)), source };

  let heardCount = 0;
  while (heardCount < words.length && (words[heardCount]?.endSamples ?? 0) <= heardSamples)
    heardCount += 1;
  return { text: prefixOfWords(text, words, heardCount), source };
}

function heardChars({
  text,
  heardSamples,
  sentSamples,
  sampleRateHz,
  audioEnded,
}: HeardTextQuery): number {
  if (audioEnded) return Math.floor((text.length * heardSamples) / sentSamples);
  return Math.floor((heardSamples / sampleRateHz) * CHARS_PER_SECOND);
}

/** The longest prefix of whole words in the first `chars` characters. */
function wholeWords(text: string, chars: number): string {
  if (chars >= text.length) return text;
  if (/\s/.test(text[chars] ?? ' ')) return text.slice(0, chars).trimEnd();
  return text.slice(0, chars).replace(/\S*$/, '').trimEnd();
}

/**
 * The prefix of `text` that the first `count` timed words cover. The engine's words may differ from the text in white
 * space or case; each is looked for behind the one before, and one that is not found is passed over in the text by
 * white space.
 */
function prefixOfWords(text: string, words: readonly Word[], count: number): string {
  const lower = text.toLowerCase();
  let end = 0;
  for (const word of words.slice(0, count)) {
    const wanted = word.text.trim().toLowerCase();
    if (wanted === '') continue;
    const found = lower.indexOf(wanted, end);
    // A match far ahead is another occurrence of a word the engine wrote differently.
    if (found >= 0 && found - end <= MAX_GAP_CHARS) end = found + wanted.length;
    else end = nextWordEnd(text, end);
  }
  return text.slice(0, end);
}

/** How far behind the last word the next may begin: a bracket, a dash, some markup. */
const MAX_GAP_CHARS = 12;

function nextWordEnd(text: string, from: number): number {
  const match = /^\s*\S+/.exec(text.slice(from));
  return from + (match?.[0].length ?? 0);
}
