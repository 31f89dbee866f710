import ansiEscapes from 'ansi-escapes';

/** What of a terminal is needed to draw on it. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
}

/**
 * Draws frames over each other at the bottom of a terminal.
 *
 * Lines are written over the old ones and only where they changed, never erased first: nothing flickers. (log-update
 * 7.2, which does the same, loses lines when a frame has more or fewer of them than the one before.)
 */
export class Redraw {
  readonly #terminal: Terminal;
  #shown: readonly string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows these lines instead of the last ones. What does not fit the terminal is left out at the top. */
  draw(lines: readonly string[]): void {
    // The row below the frame is the cursor's.
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

  /** Leaves the last frame where it is; the next one is drawn below it. */
  keep(): void {
    if (this.#shown.length > 0) this.#terminal.write(ansiEscapes.cursorShow);
    this.#shown = [];
  }
}
