import type { FliteToken } from './flite_protocol.ts';
import type { SpeakableText } from './speakable_text.ts';

/** A word of the original text with the white space after it, and when it is spoken. */
export interface TimedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Gives the words of `text` the times at which flite speaks them.
 *
 * The words, joined, are `text`. A word that is not spoken (an emoji, a lone dash) is joined to the
 * word before it, or at the start to the word after it.
 *
 * @returns Undefined if there is no token, or if one is not in the text: the times of the words are
 *   unknown then.
 * @internal
 */
export function timeWords(
  text: string,
  speakable: SpeakableText,
  tokens: readonly FliteToken[],
): TimedWord[] | undefined {
  const words = splitWords(text);
  const times: ({ startMs: number; endMs: number } | undefined)[] = words.map(() => undefined);
  let from = 0;
  let wordIndex = 0;
  for (const token of tokens) {
    const at = speakable.spoken.indexOf(token.text, from);
    const sourceIndex = speakable.sourceIndexes[at];
    if (sourceIndex === undefined) return undefined;
    from = at + token.text.length;
    while (wordIndex + 1 < words.length && (words[wordIndex + 1]?.index ?? 0) <= sourceIndex)
      wordIndex += 1;
    const startMs = times[wordIndex]?.startMs ?? token.startMs;
    times[wordIndex] = { startMs, endMs: token.endMs };
  }
  return mergeSilent(
    words.map(({ text: word }) => word),
    times,
  );
}

/** Splits after each run of white space; the first word keeps the white space before it. */
function splitWords(text: string): { text: string; index: number }[] {
  return [...text.matchAll(/^\s*\S*\s*|\S+\s*/g)].map((match) => ({
    text: match[0],
    index: match.index,
  }));
}

function mergeSilent(
  words: readonly string[],
  times: readonly ({ startMs: number; endMs: number } | undefined)[],
): TimedWord[] | undefined {
  const merged: TimedWord[] = [];
  let leading = '';
  for (const [index, word] of words.entries()) {
    const time = times[index];
    const previous = merged.at(-1);
    if (time) merged.push({ text: (previous ? '' : leading) + word, ...time });
    else if (previous) merged[merged.length - 1] = { ...previous, text: previous.text + word };
    else leading += word;
  }
  return merged.length === 0 ? undefined : merged;
}
