/**
 * The four voices. `slt`: female, US. `rms`: male, US. `awb`: male, Scottish, the clearest to a speech
 * recognizer. `kal16`: male, US; it synthesizes six times as fast as the others and sounds much worse.
 */
export type FliteVoice = 'slt' | 'rms' | 'awb' | 'kal16';

/** One utterance for the worker. @internal */
export interface FliteRequest {
  /** Printable ASCII: the output of `speakableText`. */
  readonly text: string;
  readonly voice: FliteVoice;
  /** Factor on every phone's duration; 1 is the voice's own pace, more is slower. */
  readonly durationStretch: number;
}

/** A token of the text, as flite split it, and when it is spoken. @internal */
export interface FliteToken {
  /**
   * A verbatim piece of the request's text, without the punctuation around it. Tokens come in text
   * order.
   */
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** The result for one utterance, with flite's silence at both ends. @internal */
export interface FliteSpeech {
  /** 16-bit mono at 16 kHz. */
  readonly samples: Int16Array;
  /**
   * When the first phone begins and the last one ends. Undefined if the samples are only silence.
   */
  readonly voicedMs: { readonly startMs: number; readonly endMs: number } | undefined;
  /** Undefined if the times could not be read; see `worker/utterance.js`. */
  readonly tokens: readonly FliteToken[] | undefined;
}

/** From the host to the worker. @internal */
export interface FliteJob extends FliteRequest {
  readonly id: number;
}

/** From the worker to the host. @internal */
export type FliteMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly id: number; readonly speech: FliteSpeech }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
