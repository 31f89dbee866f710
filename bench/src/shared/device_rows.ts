import { cell, printTable } from './print_table.ts';
import { median, quantile, summarize } from './stats.ts';

/** An instant that was reported, with the one in the recording of the sound device. */
export interface Judged {
  readonly reportedMs: number;
  readonly truthMs: number;
  /** Left out: the instant has none. */
  readonly errorBoundMs?: number;
}

/** One kind of instants. */
export interface DeviceRow {
  readonly name: string;
  readonly label: string;
  readonly judged: readonly Judged[];
}

/** How often the constant is told over a run. */
const PARTS = 4;

export const DEVICE_NOTE = `
  Truth: the monitor of a PulseAudio null sink into which the browser plays, recorded with the server's own latency
  figures (its playback clock; a test holds both within 0.5 ms). It is a sound device without a loudspeaker: what a
  real card, a cable or Bluetooth add is not in these figures. The constant is the device's instant minus the one
  that the browser's output clock states for the same first sample.
`;

/** Prints the errors of each row, and returns them by name. */
export function printDeviceRows(
  what: string,
  rows: readonly DeviceRow[],
): Readonly<Record<string, number>> {
  printTable(
    `${what}: reported minus true instant at the sound device, ms`,
    ['', 'n', 'median', '|p95|', '|worst|', '|p95| without the median', 'within bound (5 to 95 %)'],
    rows.map(lineOf),
  );
  return Object.assign({}, ...rows.map((row) => figuresOf(`${what}_${row.name}`, row))) as Record<
    string,
    number
  >;
}

/** @param constants - The device's instant minus the page's, in order. */
export function printConstant(
  what: string,
  constants: readonly number[],
): Readonly<Record<string, number>> {
  const size = Math.ceil(constants.length / PARTS);
  const parts = Array.from({ length: PARTS }, (_, part) =>
    median(constants.slice(part * size, (part + 1) * size)),
  );
  const [middle = Number.NaN, low = Number.NaN, high = Number.NaN] = [0.5, 0.05, 0.95].map(
    (share) => quantile(constants, share),
  );
  const { count, min, max } = summarize(constants);
  const figures = [middle, low, high, min, max].map((value) => cell(value, 2));
  printTable(
    `${what}: the sound device after the page's output clock, ms`,
    ['', 'n', 'median', '5 %', '95 %', 'least', 'most', 'median of each quarter of the run'],
    [['constant', String(count), ...figures, parts.map((value) => cell(value)).join(', ')]],
  );
  return {
    [`${what}_constant_median_ms`]: middle,
    [`${what}_constant_p5_ms`]: low,
    [`${what}_constant_p95_ms`]: high,
  };
}

function lineOf({ label, judged }: DeviceRow): string[] {
  const errors = errorsMs(judged);
  const { count, median: middle } = summarize(errors);
  const absolute = summarize(errors.map(Math.abs));
  const figures = [middle, absolute.p95, absolute.max, p95WithoutMedian(errors)];
  return [label, String(count), ...figures.map((value) => cell(value, 2)), within(judged)];
}

function figuresOf(name: string, { judged }: DeviceRow): Record<string, number> {
  const errors = errorsMs(judged);
  return {
    [`${name}_count`]: errors.length,
    [`${name}_error_median_ms`]: median(errors),
    [`${name}_abs_error_p95_ms`]: quantile(errors.map(Math.abs), 0.95),
    [`${name}_abs_error_p95_without_median_ms`]: p95WithoutMedian(errors),
    ...(hasBound(judged) ? { [`${name}_within_bound_count`]: withinCount(judged) } : {}),
  };
}

const errorsMs = (judged: readonly Judged[]): number[] =>
  judged.map(({ reportedMs, truthMs }) => reportedMs - truthMs);

function p95WithoutMedian(errors: readonly number[]): number {
  const middle = median(errors);
  return quantile(
    errors.map((error) => Math.abs(error - middle)),
    0.95,
  );
}

const hasBound = (judged: readonly Judged[]): boolean =>
  judged.some(({ errorBoundMs }) => errorBoundMs !== undefined);

const withinCount = (judged: readonly Judged[]): number =>
  judged.filter(({ reportedMs, truthMs, errorBoundMs = Number.NaN }) => {
    return Math.abs(reportedMs - truthMs) <= errorBoundMs;
  }).length;

function within(judged: readonly Judged[]): string {
  if (!hasBound(judged)) return '';
  const bounds = judged.map(({ errorBoundMs = Number.NaN }) => errorBoundMs);
  return `${withinCount(judged)} (${cell(quantile(bounds, 0.05))} to ${cell(quantile(bounds, 0.95))})`;
}
