import type { OncueEvent } from '../events.ts';
import { DEFAULT_TIMELINE_OPTIONS, type TimelineOptions } from '../options.ts';
import type { TimelineInput } from '../step/inputs.ts';
import { encodeTraceLine, TRACE_VERSION, type TraceLine } from './format.ts';
import { MetadataSnapshots } from './metadata_snapshot.ts';

/**
 * Writes the inputs and events of a timeline as lines of a trace. `write` receives each line with its line end.
 *
 * Give the recorder the timeline's options, or the trace does not replay, and `epochAtZeroMs` if it is known.
 */
export class TraceRecorder {
  readonly #write: (line: string) => void;
  readonly #snapshots = new MetadataSnapshots();

  constructor(
    write: (line: string) => void,
    of: { readonly options?: Partial<TimelineOptions>; readonly epochAtZeroMs?: number } = {},
  ) {
    this.#write = write;
    const options = { ...DEFAULT_TIMELINE_OPTIONS, ...of.options };
    const { epochAtZeroMs } = of;
    this.#line({
      kind: 'header',
      v: TRACE_VERSION,
      options,
      ...(epochAtZeroMs === undefined ? {} : { epochAtZeroMs }),
    });
  }

  /** Pass this as `TimelineSetup.record`. */
  readonly record = (input: TimelineInput, events: readonly OncueEvent[]): void => {
    this.#line({ kind: 'input', input: this.#snapshots.of(input) });
    for (const event of events) this.#line({ kind: 'event', event: this.#snapshots.of(event) });
  };

  /** Writes something other than an input or event. */
  note(note: Extract<TraceLine, { kind: 'note' }>['note']): void {
    this.#line({ kind: 'note', note });
  }

  #line(line: TraceLine): void {
    this.#write(`${encodeTraceLine(line)}\n`);
  }
}
