import { parseTrace, parseTraceLine, type TraceLine } from '@oncue/core/trace';
import { type Lanes, layOut } from '../timeline/lanes.ts';
import { instantOf, TraceModelBuilder } from './trace_model.ts';

/** A trace that can be shown as of any instant: the run that goes on, or a file. */
export class TraceSource {
  readonly name: string;
  #texts: string[] = [];
  #lines: TraceLine[] = [];
  /** Of each line; the header counts as the first instant. */
  #instants: number[] = [];
  #builder = new TraceModelBuilder();
  #builtCount = 0;
  #lanes: Lanes | undefined;
  #brokenCount = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** @throws OncueError `ONCUE_BAD_FORMAT` for what is no trace, with a message to show. */
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

  /** Lines of the running trace. One that this page does not understand is left out and counted. */
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

  /** What is known at an instant; left out: at the end. Cheap while the instant moves on. */
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

  /** The instant of the event before or behind another; the moves of the playhead are not steps. */
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

  /** The file that it is. */
  text(): string {
    return `${this.#texts.join('\n')}\n`;
  }

  #push(line: TraceLine): void {
    this.#lines.push(line);
    this.#instants.push(instantOf(line) ?? Number.NEGATIVE_INFINITY);
  }

  /** How many lines lie at or before an instant: they stand in order of time. */
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
