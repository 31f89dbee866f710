/** A fault of core that no test noticed once, as a change of today's code. */
export interface NamedMutant {
  /** What is wrong then. */
  readonly name: string;
  /** A file of `packages/core/src`. */
  readonly file: string;
  /** Occurs exactly once in it. */
  readonly from: string;
  readonly to: string;
}
