/** How far the response that sounds now has come. */
export interface HeardPosition {
  readonly responseId: string;
  /** Samples of the response that have sounded, at `sampleRateHz`. */
  readonly heardSamples: number;
  /** Length of `heardSamples` in ms. */
  readonly heardMs: number;
  readonly sampleRateHz: number;
}
