import { summarize } from './stats.ts';

/** The user who reported the problem waits this long after LiveKit's event, ms. */
export const WORKAROUND_MS = 80;

/** One line of a table of errors: reported minus true, in ms; negative is early. */
export interface ErrorRow {
  readonly name: string;
  readonly label: string;
  readonly errorsMs: readonly number[];
}

/** Reported minus true, of those that were reported. */
export function errorsOf<T extends { readonly truthMs: number }>(
  heard: readonly T[],
  reportedMs: (one: T) => number | undefined,
): number[] {
  return heard.flatMap((one) => {
    const atMs = reportedMs(one);
    return atMs === undefined ? [] : [atMs - one.truthMs];
  });
}

/** Flat, with the unit at the end of each name. */
export function errorFigures({ name, errorsMs }: ErrorRow): Record<string, number> {
  const signed = summarize(errorsMs);
  const absolute = summarize(errorsMs.map(Math.abs));
  return {
    [`${name}_error_median_ms`]: signed.median,
    [`${name}_error_min_ms`]: signed.min,
    [`${name}_error_max_ms`]: signed.max,
    [`${name}_abs_error_median_ms`]: absolute.median,
    [`${name}_abs_error_p95_ms`]: absolute.p95,
    [`${name}_abs_error_worst_ms`]: absolute.max,
  };
}
