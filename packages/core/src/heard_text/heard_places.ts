import type { SpokenWord } from './split_words.ts';

/**
 * Which words of a text are in its heard text: that is made of some of its words, each with what closes it [HT1], and does
 * not begin with white space if the first of them is not heard. The heard text is not split into words again: in a script
 * without spaces, words that were not neighbours before would be split at other places.
 *
 * @returns For each word whether it is. `undefined` if the heard text cannot be made of the words.
 */
export function heardPlaces(
  fullText: string,
  words: readonly SpokenWord[],
  heardText: string,
): readonly boolean[] | undefined {
  if (fullText.startsWith(heardText)) return words.map(({ end }) => end <= heardText.length);
  const shown = words.map(({ shownEnd }, place) =>
    fullText.slice(words[place - 1]?.shownEnd ?? 0, shownEnd),
  );
  const found = chooseParts(heardText, shown);
  if (!found) return undefined;
  const places = new Set(found);
  return words.map((_, place) => places.has(place));
}

/** A part that was chosen, and where in the whole it begins. */
interface Chosen {
  readonly place: number;
  readonly from: number;
}

/**
 * Which of the parts, in their order, make up the whole. Prefers neighbours, then earlier ones. The first one is without the
 * white space before it, unless it is the first of all.
 */
function chooseParts(whole: string, parts: readonly string[]): readonly number[] | undefined {
  const chosen: Chosen[] = [];
  /** For each place in the whole, a part from which on nothing leads to its end. */
  const failedFrom = new Map<number, number>();
  let from = 0;
  let place = 0;
  while (from < whole.length) {
    const next = nextPart(whole, parts, { place, from });
    if (next && next.place < (failedFrom.get(from) ?? parts.length)) {
      chosen.push({ place: next.place, from });
      from = next.until;
      place = next.place + 1;
      continue;
    }
    const last = chosen.pop();
    if (!last) return undefined;
    failedFrom.set(from, Math.min(last.place + 1, failedFrom.get(from) ?? parts.length));
    from = last.from;
    place = last.place + 1;
  }
  return chosen.map(({ place: at }) => at);
}

/** The first part, at `place` or after it, with which the whole goes on at `from`. */
function nextPart(
  whole: string,
  parts: readonly string[],
  { place, from }: Chosen,
): { readonly place: number; readonly until: number } | undefined {
  for (let at = place; at < parts.length; at += 1) {
    const part = parts[at] ?? '';
    const text = from === 0 && at > 0 ? part.trimStart() : part;
    if (whole.startsWith(text, from)) return { place: at, until: from + text.length };
  }
  return undefined;
}
