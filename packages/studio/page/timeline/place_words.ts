import type { ResponseView } from '../model/response_view.ts';

/** A word and the x of its text. */
export interface PlacedWord {
  readonly text: string;
  readonly heard: boolean;
  readonly x: number;
}

/**
 * Places each word at the instant it sounds, or further right where the word before it still needs the space. In pauses
 * of the speech the words catch up.
 */
export function placeWords(
  words: ResponseView['words'],
  toX: (atMs: number) => number,
  charWidth: number,
): PlacedWord[] {
  let freeX = Number.NEGATIVE_INFINITY;
  return words.map(({ text, heard, startMs }) => {
    const x = Math.max(toX(startMs), freeX);
    freeX = x + (text.length + 1) * charWidth;
    return { text, heard, x };
  });
}
