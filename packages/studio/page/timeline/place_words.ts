import type { ResponseView } from '../model/response_view.ts';

/** A word and the x of its text. */
export interface PlacedWord {
  readonly text: string;
  readonly heard: boolean;
  readonly x: number;
}

/** Between the text of a word and the edge of its bar, in px. */
export const WORD_PADDING = 4;

/**
 * Places each word at the instant it sounds, or further right where the word before it still needs the space. In pauses
 * of the speech the words catch up. At the end of the bar they move left, so that the last one stays inside; words that
 * have no space at all give way to an ellipsis.
 */
export function placeWords(
  words: ResponseView['words'],
  toX: (atMs: number) => number,
  charWidth: number,
  endX: number = Number.POSITIVE_INFINITY,
): PlacedWord[] {
  const widthOf = (text: string): number => text.length * charWidth;
  let freeX = Number.NEGATIVE_INFINITY;
  const placed = words.map(({ text, heard, startMs }) => {
    const x = Math.max(toX(startMs), freeX);
    freeX = x + widthOf(text) + charWidth;
    return { text, heard, x };
  });
  let limitX = endX - 2 * WORD_PADDING;
  for (let index = placed.length - 1; index >= 0; index -= 1) {
    const word = placed[index];
    if (!word || word.x + widthOf(word.text) <= limitX) break;
    const x = limitX - widthOf(word.text);
    placed[index] = { ...word, x };
    limitX = x - charWidth;
  }
  const startX = toX(words[0]?.startMs ?? 0);
  return (placed[0]?.x ?? startX) >= startX
    ? placed
    : shortened(placed, { startX, endX, charWidth });
}

/** Words from the start of the bar, as many as fit, and an ellipsis. */
function shortened(
  words: readonly PlacedWord[],
  of: { readonly startX: number; readonly endX: number; readonly charWidth: number },
): PlacedWord[] {
  const fitting: PlacedWord[] = [];
  let x = of.startX;
  for (const word of words) {
    const nextX = x + (word.text.length + 1) * of.charWidth;
    if (nextX + of.charWidth > of.endX - 2 * WORD_PADDING)
      return [...fitting, { text: '…', heard: word.heard, x }];
    fitting.push({ ...word, x });
    x = nextX;
  }
  return fitting;
}
