import { OncueError } from './errors.ts';

/** How a timeline treats missing reports. All durations in ms, ≥ 0. */
export interface TimelineOptions {
  /** Delay from sending to the ear before any was measured. Default 0. */
  readonly estimateDelayMs: number;
  /** Error bound of an instant that rests on `estimateDelayMs`. Default 150. */
  readonly estimateErrorBoundMs: number;
  /**
   * How long after the expected instant a reporting listener may stay silent before the estimate stands in for it.
   * Default 500: two lost reports in a row are normal on a bad network, more are not.
   */
  readonly reportTimeoutMs: number;
  /** How long after a cut the listener's last word on what sounded is waited for. Default 250. */
  readonly cutReportTimeoutMs: number;
  /**
   * How long a listener may stand still inside a response, and say so, before the estimate goes on without it.
   * Default 5000: longer than a network is usually gone, shorter than a user waits.
   */
  readonly stallTimeoutMs: number;
  /**
   * Behind a jitter buffer the path changes inside a response, and is followed by its playhead: as far as this from what
   * the last starts told. Default 0: not at all, for a listener that holds the buffer, which is late after it stood still
   * and in time after the next silence.
   */
  readonly maxPathDriftMs: number;
}

/** @see TimelineOptions */
export const DEFAULT_TIMELINE_OPTIONS: TimelineOptions = {
  estimateDelayMs: 0,
  estimateErrorBoundMs: 150,
  reportTimeoutMs: 500,
  cutReportTimeoutMs: 250,
  stallTimeoutMs: 5000,
  maxPathDriftMs: 0,
};

/** @throws OncueError `ONCUE_BAD_OPTION` for an option that is no finite number ≥ 0. */
export function checkOptions(options: Partial<TimelineOptions>): void {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY) continue;
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      `${name} is ${String(value)}; give it a finite ms ≥ 0`,
    );
  }
}
