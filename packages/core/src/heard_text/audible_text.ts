import {
  countUntil,
  type HeardText,
  type HeardTextQuery,
  heardText,
  wordEnds,
  wordsOf,
} from './heard_text.ts';

/** Samples that sounded while nobody could hear: from the first up to, and without, the last. */
interface Span {
  /** `silent`: nobody knows whether they were heard. */
  readonly why?: string;
  readonly fromSamples: number;
  readonly toSamples: number;
}

/**
 * The part of a text that was heard, without the words that sounded, in whole or in part, while nobody could hear [AU3].
 *
 * Without such spans it is a prefix of the text. With them it is what is left of that prefix, in its order.
 */
export function audibleText(query: HeardTextQuery, inaudible: readonly Span[]): HeardText {
  const all = heardText(query);
  if (inaudible.length === 0) return all;
  const { text, heardSamples } = query;
  const words = wordsOf(query);
  const { likely, earliest, latest } = wordEnds(query, words);
  const lost = inaudible.map(({ why, fromSamples, toSamples }) => ({
    why,
    fromWord: countUntil(likely, fromSamples),
    // The word that sounds when somebody can hear again is heard only in part.
    toWord: startsAt(likely, toSamples)
      ? countUntil(likely, toSamples)
      : countUntil(likely, toSamples) + 1,
  }));
  const count = countUntil(likely, heardSamples);
  const isHeard = (place: number): boolean =>
    place < count && !lost.some(({ fromWord, toWord }) => place >= fromWord && place < toWord);
  let heard = '';
  for (const [place, { shownEnd }] of words.entries()) {
    if (isHeard(place)) heard += text.slice(words[place - 1]?.shownEnd ?? 0, shownEnd);
  }
  const uncertain = inaudible.flatMap(({ fromSamples, toSamples }) => [fromSamples, toSamples]);
  const errorWords = uncertain.map((at) => countUntil(earliest, at) - countUntil(latest, at));
  const unknownWords = lost
    .filter(({ why }) => why === 'silent')
    .map(({ fromWord, toWord }) => Math.max(0, Math.min(toWord, count) - fromWord));
  return {
    text: isHeard(0) ? heard : heard.trimStart(),
    source: all.source,
    maxErrorWords: [...errorWords, ...unknownWords].reduce(
      (sum, words) => sum + words,
      all.maxErrorWords,
    ),
  };
}

/** Whether a word begins at this sample: at the start, or where another ends. */
function startsAt(ends: readonly number[], samples: number): boolean {
  return samples === 0 || ends.includes(samples);
}
