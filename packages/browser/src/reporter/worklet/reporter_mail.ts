/**
 * What the reporter's worklet tells of itself: plain numbers in one array that is made once. The port copies it.
 *
 * Frames count what the worklet rendered.
 */
export const MAIL = {
  /** Frames rendered so far. */
  frames: 0,
  /** Largest `currentFrame` minus `frames` seen: puts our frames on the context's timeline. */
  frameOffset: 1,
  /** Where sound began after the latest quiet; -1 before any. */
  onsetFrame: 2,
  /** Behind the latest block with sound in it. */
  loudUntilFrame: 3,
  /** Searches that came to an end so far; the last `FINDINGS_KEPT` of them are kept. */
  findingCount: 4,
  /** Finding n lies at `findings + (n % FINDINGS_KEPT) * FINDING_FIELDS`. */
  findings: 5,
} as const;

/** What became of a search: its number, the frame of the sound's first sample in fractions, how alike, how it was found. */
export const FINDING_FIELDS = 4;

/** There are some two a second. */
export const FINDINGS_KEPT = 16;

export const MAIL_LENGTH: number = MAIL.findings + FINDINGS_KEPT * FINDING_FIELDS;

/** The last field of a finding. */
export const FOUND = {
  /** Nowhere in the window. */
  no: 0,
  /** So alike that it could be nothing else. */
  surely: 1,
  /** The likest place of the whole window. */
  likely: 2,
} as const;

/** To the worklet: look for a sound that begins in this window. `dispose`: no more. */
export type ListenerCommand =
  | {
      readonly type: 'seek';
      readonly seekId: number;
      readonly sound: Int8Array;
      readonly fromFrame: number;
      readonly toFrame: number;
      /**
       * Takes the likeliest place of the whole window, for a piece in the middle of a vowel that may go on for long. Else
       * the first that is surely it.
       */
      readonly isPatient: boolean;
    }
  /** A search that goes on is given up without a finding. */
  | { readonly type: 'cancel'; readonly seekId: number }
  | { readonly type: 'dispose' };

/** What the page gives the worklet when it is made. */
export interface ListenerProcessorOptions {
  /** The low pass into the speech band, for `sampleRate`. */
  readonly kernel: Float32Array;
  /** Frames to one sample of the band. */
  readonly framesPerBandSample: number;
}

/** The name under which the reporter's processor is registered. */
export const LISTENER_PROCESSOR = 'oncue-listener';
