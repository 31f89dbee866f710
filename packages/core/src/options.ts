import { OncueError } from './errors.ts';

/** How a timeline handles missing reports. All durations are in ms, ≥ 0. */
export interface TimelineOptions {
  /** Assumed delay from the agent's queue to the ear until one has been measured. Default 0. */
  readonly estimateDelayMs: number;
  /** Error bound of an instant that is computed from `estimateDelayMs`. Default 150. */
  readonly estimateErrorBoundMs: number;
  /**
   * How long after the expected instant to wait for a listener's report before the estimate is used instead.
   * Default 500: on a bad network two lost reports in a row are normal, more are not.
   */
  readonly reportTimeoutMs: number;
  /** How long after a cut to wait for the listener's last report of what sounded. Default 250. */
  readonly cutReportTimeoutMs: number;
  /**
   * How long a listener that reports a stall inside a response is trusted before the estimate continues without it.
   * Default 5000: longer than most network outages, shorter than users wait.
   */
  readonly stallTimeoutMs: number;
  /**
   * A jitter buffer changes the path delay inside a response. The estimate then follows the reported playhead, up to
   * this far from the median of recent starts. Default 0: it does not follow. That suits a listener with its own
   * buffer, which is late after a stall and on time again after the next silence.
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

/** @throws OncueError `ONCUE_BAD_OPTION` for an unknown option, and for one that is not a finite number ≥ 0. */
export function checkOptions(options: Partial<TimelineOptions>): void {
  const names = Object.keys(DEFAULT_TIMELINE_OPTIONS);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      `a timeline has no option "${unknown}"; it has ${names.join(', ')}`,
    );
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY) continue;
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      `${name} is ${String(value)}; give a finite number of ms ≥ 0`,
    );
  }
}
