import type { WordView } from '../model/word_views.ts';

/** A word and the x of its text. */
export interface PlacedWord {
  readonly text: string;
  readonly heard: boolean;
  readonly x: number;
}

/** Between the text of a word and the edge of its bar, in px. */
export const WORD_PADDING = 4;

/** Characters of the scripts of East Asia, and emoji. In a monospaced type they are wide. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60\p{Emoji_Presentation}]/u;

/** Scripts that are read from the right. */
const FROM_RIGHT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The width of a text in characters of Latin script. Marks over and under a character take no place. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) columns += WIDE.test(char) ? 1.7 : /\p{M}/u.test(char) ? 0 : 1;
  return columns;
}

/** A text whose punctuation stands on the side on which its script ends, whatever stands beside it. */
export function isolated(text: string): string {
  return FROM_RIGHT.test(text) ? `\u2068${text}\u2069` : text;
}

/**
 * Places each word at the instant it sounds, or further right where the word before it still needs the space. In pauses
 * of the speech the words catch up. At the end of the bar they move left, so that the last one stays inside; words that
 * have no space at all give way to an ellipsis.
 */
export function placeWords(
  words: readonly Pick<WordView, 'text' | 'heard' | 'startMs'>[],
  toX: (atMs: number) => number,
  charWidth: number,
  endX: number = Number.POSITIVE_INFINITY,
): PlacedWord[] {
  const widthOf = (text: string): number => columnsOf(text) * charWidth;
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
    const nextX = x + (columnsOf(word.text) + 1) * of.charWidth;
    if (nextX + of.charWidth > of.endX - 2 * WORD_PADDING)
      return [...fitting, { text: '…', heard: word.heard, x }];
    fitting.push({ ...word, x });
    x = nextX;
  }
  return fitting;
}
