const SEGMENTER = new Intl.Segmenter('en', { granularity: 'word' });

/** Words as they are compared: no case, no punctuation; in a text without spaces, what its readers take for words. */
export function wordsOf(text: string): string[] {
  // The segmenter takes an underscore for a letter.
  return [...SEGMENTER.segment(text.toLowerCase().replaceAll('_', ' '))]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment);
}

/** What one list has more than the other, each word as often as it is there. */
export function differenceOf(
  got: readonly string[],
  truth: readonly string[],
): { readonly extra: string[]; readonly missing: string[] } {
  const missing = [...truth];
  const extra: string[] = [];
  for (const word of got) {
    const place = missing.indexOf(word);
    if (place >= 0) missing.splice(place, 1);
    else extra.push(word);
  }
  return { extra, missing };
}
