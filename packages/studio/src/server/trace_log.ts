import { encodeTraceLine, type TraceLine } from '@oncue/core/trace';

/** A note as a trace keeps it. */
export type TraceNote = Extract<TraceLine, { kind: 'note' }>['note'];

/**
 * Beyond this a run is no longer kept: about two hours of speech without a pause, some 100 MB. The page then says so.
 */
const MAX_LINES = 500_000;

/** The trace of one run, as far as it has come. */
export class TraceLog {
  readonly #lines: string[] = [];
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Takes a line with its line end, as `attachOncue` writes it. */
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
