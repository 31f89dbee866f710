/** A history that once violated a rule. */
export interface Regression {
  readonly seed: number;
  /** Places of the happenings that are needed for it. */
  readonly only: readonly number[];
  /** What went wrong. */
  readonly was: string;
}

/** Each was repaired, and is played by a test. */
export const REGRESSIONS: readonly Regression[] = [];
