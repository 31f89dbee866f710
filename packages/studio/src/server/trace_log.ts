import { encodeTraceLine, type TraceLine } from '@oncue/core/trace';

/** A note of a trace. */
export type TraceNote = Extract<TraceLine, { kind: 'note' }>['note'];

/** The most lines of a run that are kept: about two hours of speech without a pause, about 100 MB. Later lines are dropped. */
const MAX_LINES = 500_000;

/** The trace of one run so far. */
export class TraceLog {
  readonly #lines: string[] = [];
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Takes a line with its line ending, as `attachOncue` writes it. */
  readonly write = (line: string): void => {
    if (this.#lines.length >= MAX_LINES) return;
    const text = line.trimEnd();
    this.#lines.push(text);
    this.#onLine(text);
  };

  note(note: TraceNote): void {
    this.write(encodeTraceLine({ kind: 'note', note }));
  }
}
