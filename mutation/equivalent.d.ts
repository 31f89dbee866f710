/** A change of one place that leaves all that can be observed as it is. */
export interface EquivalentMutant {
  /** From the root of the repository. */
  readonly file: string;
  /** The line in which it begins, without the space around it. */
  readonly line: string;
  /** What it replaces. */
  readonly from: string;
  readonly to: string;
  /** Why no test can notice it. */
  readonly why: string;
}
