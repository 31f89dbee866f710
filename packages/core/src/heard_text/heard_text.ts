import type { HeardTextSource } from '../events.ts';
import type { Word } from '../step/inputs.ts';
import { alignWords, type TimedEnds } from './align_words.ts';
import { estimateEnds, type WordEnds } from './estimate_ends.ts';
import { expectedTimes } from './expected_times.ts';
import { type SpokenWord, splitOpenText, splitWords } from './split_words.ts';

/** The facts about a response from which its heard text is computed. */
export interface HeardTextQuery {
  readonly text: string;
  /** `text` is complete. While it is not, its last word may be part of a longer one and does not count. */
  readonly textEnded: boolean;
  /** Word times received so far. */
  readonly words: readonly Word[];
  readonly heardSamples: number;
  /** How far the true number of heard samples may differ from `heardSamples`. Default 0. */
  readonly heardErrorSamples?: number;
  readonly sentSamples: number;
  readonly sampleRateHz: number;
  /** The synthesis ended by itself, so `sentSamples` is all the audio there is. */
  readonly audioEnded: boolean;
}

/** The part of a text that was heard. */
export interface HeardText {
  /** A prefix of the text: the words that were heard to their end, with the punctuation that closes them. */
  readonly text: string;
  readonly source: HeardTextSource;
  /**
   * The true number of words heard differs from `text` by at most this. An estimate keeps this bound in 95% of cases.
   */
  readonly maxErrorWords: number;
}

/**
 * The part of a response's text whose words were heard to their end.
 *
 * Uses word times as far as they go. The text after the last timed word, or all of it if there are none, is estimated
 * from the samples and the usual pace of its script. Audio that is much shorter than its text would take was truncated,
 * so hearing all of it does not mean that all of the text was heard.
 */
export function heardText(query: HeardTextQuery): HeardText {
  const { text, textEnded, heardSamples } = query;
  const words = wordsOf(query);
  const ends = wordEnds(query, words);
  const count = countUntil(ends.likely, heardSamples);
  const source = count > ends.timedCount || ends.timedCount === 0 ? 'proportional' : 'word_timings';
  const isAll = textEnded && count === words.length && isAllHeard(query);
  return {
    text: isAll ? text : text.slice(0, words[count - 1]?.shownEnd ?? 0),
    source,
    maxErrorWords: errorWords(ends, query, count),
  };
}

/** The words of a text that can have been heard. */
export function wordsOf({ text, textEnded }: HeardTextQuery): readonly SpokenWord[] {
  return textEnded ? splitWords(text) : splitOpenText(text);
}

/** Where in the audio the words end. */
export function wordEnds(query: HeardTextQuery, words: readonly SpokenWord[]): WordEnds {
  const expected = expectedTimes(query.text, words);
  const timed = timedEnds(query, words, expected.endsMs);
  return estimateEnds(query, expected, timed);
}

function timedEnds(
  { text, textEnded, words: timed, sampleRateHz, audioEnded }: HeardTextQuery,
  words: readonly SpokenWord[],
  expectedMs: readonly number[],
): TimedEnds {
  return alignWords(text, words, timed, {
    isComplete: audioEnded && textEnded,
    shareOf: ({ from, to }, samples) => {
      const beforeMs = expectedMs[from - 1] ?? 0;
      const takesMs = (expectedMs[to - 1] ?? 0) - beforeMs;
      const samplesPerMs = beforeMs > 0 ? samples.from / beforeMs : sampleRateHz / 1000;
      const shareMs = (samples.to - samples.from) / samplesPerMs;
      return takesMs > 0 ? shareMs / takesMs : Number.POSITIVE_INFINITY;
    },
  });
}

function isAllHeard({ audioEnded, heardSamples, sentSamples }: HeardTextQuery): boolean {
  return audioEnded && heardSamples > 0 && heardSamples >= sentSamples;
}

/** How many words end by `samples`. Without a sample none does. */
export function countUntil(ends: readonly number[], samples: number): number {
  if (samples <= 0) return 0;
  const first = ends.findIndex((end) => end > samples);
  return first < 0 ? ends.length : first;
}

/** Words that end within the error of the position may have been heard or not, whatever is known of their ends. */
function errorWords(
  { earliest, latest }: WordEnds,
  { heardSamples, heardErrorSamples = 0 }: HeardTextQuery,
  count: number,
): number {
  const most = countUntil(earliest, heardSamples + heardErrorSamples);
  const least = countUntil(latest, heardSamples - heardErrorSamples);
  return Math.max(most - count, count - least);
}
