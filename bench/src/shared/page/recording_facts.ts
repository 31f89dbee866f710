/** Everything about a recording but its samples. */
export interface RecordingFacts {
  readonly sampleRateHz: number;
  /** Context frame of the first sample. */
  readonly offset: number;
  /** `getOutputTimestamp`: context time and the page's time, both ms, in order. */
  readonly readings: readonly (readonly [number, number])[];
  /** When the last block of each chunk was rendered. */
  readonly renderedAtEpochMs: readonly number[];
  readonly chunkCount: number;
  /** Frames of each chunk. */
  readonly chunkFrames: number;
  /** How often the output ran dry, where the browser counts: no recording in front of it shows that. */
  readonly dry: { readonly count: number; readonly ms: number } | undefined;
}
