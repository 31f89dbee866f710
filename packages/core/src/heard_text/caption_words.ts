import { type HeardTextQuery, wordEnds, wordsOf } from './heard_text.ts';

/** Where the words of a text end, in the text and in its audio. */
export interface CaptionWordList {
  /**
   * Three numbers for each word: the offset of its first character; the offset after the punctuation that closes it; and how
   * many samples have sounded when it ends. No end is earlier than the one before.
   */
  readonly words: readonly number[];
  /** So many words, from the first, have an end that comes from word times. The others are estimated. */
  readonly timedWords: number;
}

/** Where the words of a text end, as `heardText` takes it: a word whose end is at `heardSamples` or before was heard. */
export function captionWords(query: HeardTextQuery): CaptionWordList {
  const spoken = wordsOf(query);
  const { likely, timedCount } = wordEnds(query, spoken);
  const words = spoken.flatMap(({ start, shownEnd }, place) => [
    start,
    shownEnd,
    // Not rounded down: a word is heard when its last sample was.
    Math.ceil(Math.min(likely[place] ?? 0, Number.MAX_SAFE_INTEGER)),
  ]);
  return { words, timedWords: timedCount };
}
