/** What the worklet has rendered. */
export interface Rendered {
  readonly frames: number;
  /** Where sound began after the latest quiet; -1 before any. */
  readonly onsetFrame: number;
  readonly loudUntilFrame: number;
}
