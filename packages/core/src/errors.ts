/**
 * Why an Oncue call failed. The codes are part of the public API; the messages are not. Each message is written where the
 * argument is checked, in a `*_options.ts` or a constructor: search the packages for the code. What to do about each:
 * `docs/reference/errors.md`.
 */
export type OncueErrorCode =
  /** `queueAgentState` was given a state that LiveKit does not know. */
  | 'ONCUE_UNKNOWN_STATE'
  /** A response or state was declared on a turn whose text has already ended. */
  | 'ONCUE_TURN_ENDED'
  /** A function that works only inside a turn was called outside one. */
  | 'ONCUE_NO_TURN'
  /** The session already has Oncue attached. */
  | 'ONCUE_ALREADY_ATTACHED'
  /** `attachOncue` was called after `session.start`. */
  | 'ONCUE_ATTACHED_TOO_LATE'
  /** The timeline or device is closed. */
  | 'ONCUE_CLOSED'
  /** An option or argument is out of its range. */
  | 'ONCUE_BAD_OPTION'
  /** A trace or wire message could not be parsed. */
  | 'ONCUE_BAD_FORMAT'
  /** The session is of another copy of `@livekit/agents` than the one that Oncue uses. */
  | 'ONCUE_FOREIGN_SESSION';

/** A mistake in how Oncue was called. Network failures are events and are never thrown. */
export class OncueError extends Error {
  readonly code: OncueErrorCode;

  constructor(code: OncueErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'OncueError';
    this.code = code;
  }
}

/** The message of any thrown value. Never throws, since it is called while an error is being handled [TK3]. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'a value without a message was thrown';
  }
}
