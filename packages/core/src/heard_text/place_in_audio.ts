import { type HeardTextQuery, wordEnds, wordsOf } from './heard_text.ts';
import { splitWords } from './split_words.ts';

/** Where in the audio of a response a place in its text is, in samples from the start. */
export interface PlaceInAudio {
  readonly samples: number;
  /** The earliest and the latest sample at which it may be. */
  readonly earliestSamples: number;
  readonly latestSamples: number;
  /** Known from word times, or the very start. Otherwise it is estimated from the text and the usual pace of its script. */
  readonly isExact: boolean;
}

/**
 * Where the last word before a place in the text ends. A word in which the place lies comes after it.
 *
 * @param textOffset - UTF-16 offset in the text.
 * @returns `undefined` as long as that cannot be known: the word before the place may go on, or its time has not come.
 */
export function placeInAudio(query: HeardTextQuery, textOffset: number): PlaceInAudio | undefined {
  const { text, textEnded, audioEnded } = query;
  if (!textEnded && textOffset > text.length) return undefined;
  const count = splitWords(text).filter(({ end }) => end <= textOffset).length;
  const words = wordsOf(query);
  if (count > words.length) return undefined;
  const { likely, earliest, latest, timedCount } = wordEnds(query, words);
  const isTimed = count <= timedCount;
  // The voice times its words, and the time of this one is still to come.
  if (!isTimed && query.words.length > 0 && !audioEnded) return undefined;
  // Before the first word it is the start.
  const samples = likely[count - 1] ?? 0;
  const earliestSamples = earliest[count - 1] ?? samples;
  const latestSamples = latest[count - 1] ?? samples;
  const isExact = isTimed && earliestSamples === samples;
  return { samples, earliestSamples, latestSamples, isExact };
}
