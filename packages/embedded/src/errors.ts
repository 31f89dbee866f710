import { APIError } from '@livekit/agents';

/**
 * Why something in this package failed. The codes are part of the public API; the messages are not.
 * What to do about each: `docs/reference/errors.md`.
 */
export type EmbeddedErrorCode =
  /** An option is out of its range. Thrown by the constructor or function that takes it. */
  | 'EMBEDDED_BAD_OPTION'
  /** The object was used after `close()`. */
  | 'EMBEDDED_CLOSED'
  /** One synthesis took longer than `synthesisTimeoutMs`, or the worker did not start in time. */
  | 'EMBEDDED_TTS_TIMEOUT'
  /** Flite rejected the text, or its worker died. The next request gets a new worker. */
  | 'EMBEDDED_TTS_FAILED'
  /** A segment holds more text than `MAX_SEGMENT_CHARS`. The text before the limit was synthesized. */
  | 'EMBEDDED_TEXT_TOO_LONG'
  /** The native part of LiveKit's VAD cannot be loaded on this machine. */
  | 'EMBEDDED_VAD_UNAVAILABLE'
  /** Speech recognition is not installed. */
  | 'EMBEDDED_STT_UNAVAILABLE'
  /** The recognizer failed on an utterance, or its worker died. The next request gets a new worker. */
  | 'EMBEDDED_STT_FAILED'
  /** The script of a `ScriptedLLM` has no reply for this request. */
  | 'EMBEDDED_NO_REPLY'
  /** A requested failure: an `error` reply of a script, or a sentence that `failWhen` selects. */
  | 'EMBEDDED_SCRIPTED_FAILURE';

/**
 * The only error class of this package. Its message says what to do.
 *
 * It is a LiveKit `APIError` and never retryable, so a session reports it at once as an unrecoverable
 * TTS or LLM error. LiveKit retries a stream by running it again, and a second run would find no text:
 * the first one consumed it.
 */
export class EmbeddedError extends APIError {
  readonly code: EmbeddedErrorCode;

  constructor(
    code: EmbeddedErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, { retryable: false });
    this.name = 'EmbeddedError';
    this.code = code;
    if (options.cause !== undefined) this.cause = options.cause;
  }
}

/** @internal */
export function badOption(message: string): never {
  throw new EmbeddedError('EMBEDDED_BAD_OPTION', message);
}
