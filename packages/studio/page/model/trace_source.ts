import { lineAtMs, parseTrace, parseTraceLine, type TraceLine } from '@oncue/core/trace';
import { type Lanes, layOut } from './lanes.ts';
import { TraceModelBuilder } from './trace_model.ts';

/** A trace that can be shown as of any instant: the live run, or a file. */
export class TraceSource {
  readonly name: string;
  #texts: string[] = [];
  #lines: TraceLine[] = [];
  /** The instant of each line; the header has negative infinity. */
  #instants: number[] = [];
  #builder = new TraceModelBuilder();
  #builtCount = 0;
  #lanes: Lanes | undefined;
  #brokenCount = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** @throws {OncueError} `ONCUE_BAD_FORMAT` for a file that is not a trace, with a message for the user. */
  static ofFile(name: string, text: string): TraceSource {
    const { header, lines } = parseTrace(text);
    const source = new TraceSource(name);
    source.#texts = text.split('\n').filter((row) => row.trim() !== '');
    for (const line of [header, ...lines]) source.#push(line);
    return source;
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  get startMs(): number {
    return this.#instants[1] ?? 0;
  }

  get endMs(): number {
    return this.#instants.at(-1) ?? 0;
  }

  /** Adds lines of the live run. A line that this page cannot parse is skipped and counted. */
  append(texts: readonly string[]): void {
    for (const text of texts) {
      try {
        const line = parseTraceLine(text, this.#lines.length + 1);
        this.#push(line);
        this.#texts.push(text);
      } catch {
        this.#brokenCount += 1;
      }
    }
  }

  get brokenCount(): number {
    return this.#brokenCount;
  }

  /** The rows as of an instant, by default the end. Cheap while the instant moves forward. */
  lanesAt(atMs: number = Number.POSITIVE_INFINITY): Lanes {
    const count = this.#countUpTo(atMs);
    if (this.#lanes && count === this.#builtCount) return this.#lanes;
    if (count < this.#builtCount) {
      this.#builder = new TraceModelBuilder();
      this.#builtCount = 0;
    }
    for (; this.#builtCount < count; this.#builtCount += 1) {
      const line = this.#lines[this.#builtCount];
      if (line) this.#builder.take(line);
    }
    this.#lanes = layOut(this.#builder.model());
    return this.#lanes;
  }

  /** The instant of the previous or next event; progress of the playhead does not count. */
  stepFrom(atMs: number, direction: -1 | 1): number {
    const isStep = (index: number): boolean => {
      const line = this.#lines[index];
      return line?.kind === 'event' && line.event.type !== 'response_playback_progressed';
    };
    if (direction > 0) {
      for (let index = this.#countUpTo(atMs); index < this.#lines.length; index += 1)
        if (isStep(index)) return this.#instants[index] ?? atMs;
      return this.endMs;
    }
    for (let index = this.#countUpTo(atMs) - 1; index >= 0; index -= 1)
      if (isStep(index) && (this.#instants[index] ?? 0) < atMs) return this.#instants[index] ?? 0;
    return this.startMs;
  }

  /** The trace as a file. */
  text(): string {
    return `${this.#texts.join('\n')}\n`;
  }

  #push(line: TraceLine): void {
    this.#lines.push(line);
    this.#instants.push(lineAtMs(line) ?? Number.NEGATIVE_INFINITY);
  }

  /** How many lines are at or before an instant. Lines are in order of time. */
  #countUpTo(atMs: number): number {
    let low = 0;
    let high = this.#instants.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#instants[middle] ?? 0) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
