/**
 * Which match a search takes. `earliest`: the first one whose correlation makes it certain. `best`: the highest
 * correlation in the whole window, for a piece inside a vowel, which may match at several places in a row.
 */
export type SearchMode = 'earliest' | 'best';

/** From the page to the worklet. */
export type ReporterCommand =
  /** Search for a sound whose first sample is in this window. */
  | {
      readonly type: 'search';
      readonly searchId: number;
      readonly sound: Int8Array;
      readonly fromFrame: number;
      readonly toFrame: number;
      readonly mode: SearchMode;
    }
  /** Stop a search. It sends no finding. */
  | { readonly type: 'cancel'; readonly searchId: number }
  /** Stop the worklet. */
  | { readonly type: 'dispose' };

/** Options that the page passes when it creates the worklet node. */
export interface ReporterProcessorOptions {
  /** Low-pass filter into the speech band, for `sampleRate`. */
  readonly kernel: Float32Array;
  /** Frames per sample of the band. */
  readonly framesPerBandSample: number;
}

/** The name under which the reporter's processor is registered. */
export const REPORTER_PROCESSOR = 'oncue-reporter';
