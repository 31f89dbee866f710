import ansiEscapes from 'ansi-escapes';

/** The parts of a terminal that drawing needs. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
}

/**
 * Draws frames over each other at the bottom of a terminal.
 *
 * It overwrites only lines that changed and does not erase them first, so nothing flickers. (log-update 7.2 does the
 * same, but loses lines when a frame has more or fewer lines than the one before.)
 */
export class Redraw {
  readonly #terminal: Terminal;
  #shown: readonly string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows these lines instead of the last ones. If they do not fit the terminal, the first lines are dropped. */
  draw(lines: readonly string[]): void {
    // The cursor takes the row below the frame.
    const next = lines.slice(-Math.max(1, this.#terminal.rows - 1));
    const shown = this.#shown;
    this.#shown = next;
    const isSame = next.length === shown.length && next.every((line, at) => line === shown[at]);
    if (isSame) return;
    const rows = next.map((line, at) =>
      line === shown[at] ? '\n' : `${line}${ansiEscapes.eraseEndLine}\n`,
    );
    const up =
      shown.length > 0
        ? ansiEscapes.cursorUp(shown.length) + ansiEscapes.cursorLeft
        : ansiEscapes.cursorHide;
    const down = next.length < shown.length ? ansiEscapes.eraseDown : '';
    this.#terminal.write(ansiEscapes.synchronizedOutput(up + rows.join('') + down));
  }

  /** Keeps the last frame; the next one is drawn below it. */
  keep(): void {
    if (this.#shown.length > 0) this.#terminal.write(ansiEscapes.cursorShow);
    this.#shown = [];
  }
}
