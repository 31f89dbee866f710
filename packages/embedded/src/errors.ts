import { APIError } from '@livekit/agents';

/**
 * Why something in this package failed. The codes are part of the public API; the messages are not.
 */
export type EmbeddedErrorCode =
  /** An option is out of its range. Thrown by the constructor. */
  | 'EMBEDDED_BAD_OPTION'
  /** The object was used after `close()`. */
  | 'EMBEDDED_CLOSED'
  /** One synthesis took longer than `synthesisTimeoutMs`, or the worker did not start in time. */
  | 'EMBEDDED_TTS_TIMEOUT'
  /** Flite refused the text, or its worker died. The next request gets a new worker. */
  | 'EMBEDDED_TTS_FAILED'
  /** A segment holds more text than `MAX_SEGMENT_CHARS`. What came before was synthesized. */
  | 'EMBEDDED_TEXT_TOO_LONG'
  /** The native part of LiveKit's VAD cannot be loaded on this machine. */
  | 'EMBEDDED_VAD_UNAVAILABLE'
  /** Speech recognition is not installed. */
  | 'EMBEDDED_STT_UNAVAILABLE'
  /** The recognizer failed on an utterance, or its worker died. The next request gets a new worker. */
  | 'EMBEDDED_STT_FAILED'
  /** The script of a `ScriptedLLM` has no reply for this request. */
  | 'EMBEDDED_NO_REPLY'
  /** A failure that was asked for: an `error` reply, or a `FailingTTS` that met its text. */
  | 'EMBEDDED_SCRIPTED_FAILURE';

/**
 * The one error class of this package.
 *
 * It is a LiveKit `APIError` that is never retryable, so a session reports it as an unrecoverable
 * TTS or LLM error at once: LiveKit retries a stream by running it again, and by then the text it
 * was fed is gone.
 */
export class EmbeddedError extends APIError {
  readonly code: EmbeddedErrorCode;

  constructor(code: EmbeddedErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, { retryable: false });
    this.name = 'EmbeddedError';
    this.code = code;
    if (options.cause !== undefined) this.cause = options.cause;
  }
}
