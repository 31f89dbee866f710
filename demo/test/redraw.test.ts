import { expect, it } from 'vitest';
import { Redraw } from '../src/terminal/redraw.ts';

/** The part of a terminal that a redraw uses: it keeps the rows and obeys cursor commands. */
class FakeTerminal {
  readonly columns = 80;
  readonly rows: number;
  readonly screen: string[] = [];
  written = '';
  #row = 0;

  constructor(rows = 24) {
    this.rows = rows;
  }

  write(text: string): void {
    this.written += text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal is driven by.
    for (const [piece] of text.matchAll(/\u001b\[[?\d]*[a-zA-Z]|\n|[^\u001b\n]+/g)) {
      if (piece === '\n') this.#row += 1;
      else if (piece.endsWith('A')) this.#row -= Number(piece.slice(2, -1));
      else if (piece === '\u001b[J') this.screen.length = this.#row;
      else if (!piece.startsWith('\u001b')) this.screen[this.#row] = piece;
    }
  }
}

it('shows exactly the last frame, whether it has more or fewer lines than the one before', () => {
  // log-update 7.2 lost lines here: it left the equal lines at the end of two frames where they were.
  const terminal = new FakeTerminal();
  const redraw = new Redraw(terminal);

  for (const frame of ['a b c z', 'a b c d e z', 'a z', 'x y z', 'a b1 c z']) {
    redraw.draw(frame.split(' '));

    expect(terminal.screen).toEqual(frame.split(' '));
  }
});

it('writes only the lines that changed', () => {
  const terminal = new FakeTerminal();
  const redraw = new Redraw(terminal);
  redraw.draw(['same', 'old']);
  terminal.written = '';

  redraw.draw(['same', 'new']);
  const changed = terminal.written;
  terminal.written = '';
  redraw.draw(['same', 'new']);

  expect(changed).toContain('new');
  expect(changed).not.toContain('same');
  expect(terminal.written).toBe('');
});

it('draws the next frame below a kept one', () => {
  const terminal = new FakeTerminal();
  const redraw = new Redraw(terminal);
  redraw.draw(['one']);

  redraw.keep();
  redraw.draw(['two']);

  expect(terminal.screen).toEqual(['one', 'two']);
});

it('drops the first lines if the terminal has too few rows', () => {
  const terminal = new FakeTerminal(3);
  const redraw = new Redraw(terminal);

  redraw.draw(['a', 'b', 'c', 'd']);

  expect(terminal.screen).toEqual(['c', 'd']);
});
