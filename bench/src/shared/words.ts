/** The words of a text. */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** How many words of a text are wrong: too many, too few or others, counted from the first that differs. */
export function wrongWordCount(truth: readonly string[], text: readonly string[]): number {
  let same = 0;
  while (same < truth.length && truth[same] === text[same]) same += 1;
  return Math.max(truth.length, text.length) - same;
}
