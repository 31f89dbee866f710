/**
 * Why the studio rejected its input. The codes are part of the public API; the messages are not. What to do about each:
 * `docs/reference/errors.md`.
 */
export type StudioErrorCode =
  /** The agent's file does not exist, does not compile, or is in no project with packages. */
  | 'STUDIO_BAD_FILE'
  /** The agent's file does not export what the studio needs, or `createAgent` returned no agent. */
  | 'STUDIO_BAD_MODULE'
  /** The agent was made with another copy of `@livekit/agents` than the studio's. */
  | 'STUDIO_FOREIGN_AGENT'
  /** The LiveKit server's address or key is missing or malformed. */
  | 'STUDIO_BAD_ROOM';

/** A mistake in what the studio was given. The message says what to do. */
export class StudioError extends Error {
  readonly code: StudioErrorCode;

  constructor(code: StudioErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'StudioError';
    this.code = code;
  }
}
