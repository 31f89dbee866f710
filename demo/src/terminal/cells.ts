/** Colours a text; without colour it returns the text unchanged. */
export type Paint = (text: string) => string;

const plain: Paint = (text) => text;

/** A row of the screen with a fixed width. Every character must be one column wide. */
export class Cells {
  readonly #cells: { character: string; paint: Paint }[];

  constructor(width: number) {
    this.#cells = Array.from({ length: width }, () => ({ character: ' ', paint: plain }));
  }

  /** Writes from a column on; text outside the row is dropped. */
  put(column: number, text: string, paint: Paint = plain): void {
    for (const [index, character] of [...text].entries()) {
      const place = column + index;
      if (place >= 0 && place < this.#cells.length) this.#cells[place] = { character, paint };
    }
  }

  /** The row without blanks at its end, in colour. */
  toString(): string {
    let length = this.#cells.length;
    while (length > 0 && this.#cells[length - 1]?.character === ' ') length -= 1;
    let row = '';
    for (let from = 0; from < length; ) {
      const paint = this.#cells[from]?.paint ?? plain;
      let to = from;
      while (to < length && this.#cells[to]?.paint === paint) to += 1;
      row += paint(
        this.#cells
          .slice(from, to)
          .map(({ character }) => character)
          .join(''),
      );
      from = to;
    }
    return row;
  }
}

/**
 * A bar between two positions, accurate to half a column and at least half a column long.
 *
 * @returns The column it begins in and its characters.
 */
export function barBetween(
  from: number,
  to: number,
  pieces: { readonly full: string; readonly leftHalf: string; readonly rightHalf: string },
): { readonly column: number; readonly text: string } {
  const fromHalves = Math.round(from * 2);
  const toHalves = Math.max(fromHalves + 1, Math.round(to * 2));
  const column = Math.floor(fromHalves / 2);
  const endColumn = Math.ceil(toHalves / 2);
  let text = pieces.full.repeat(endColumn - column);
  // A bar of half a column has only one end; it is drawn as a left end.
  if (toHalves % 2 === 1) text = text.slice(0, -1) + pieces.leftHalf;
  else if (fromHalves % 2 === 1) text = pieces.rightHalf + text.slice(1);
  return { column, text };
}
