import { log } from '@livekit/agents';

/** What a warning of Oncue in LiveKit's log is about: its field `code`. What to do about each: `docs/reference/errors.md`. */
export type OncueWarningCode =
  /** An internal of `@livekit/agents` is missing, and a feature is off. */
  | 'ONCUE_LIVEKIT_CHANGED'
  /** Oncue itself failed somewhere, and the agent went on without it. */
  | 'ONCUE_FAILED_OPEN'
  /** Another output took the place of Oncue's. */
  | 'ONCUE_OUTPUT_REPLACED'
  /** A page does not play what it got, and audio for it is dropped. */
  | 'ONCUE_AUDIO_DROPPED'
  /** Metadata of a response is too long for a page, or not JSON. */
  | 'ONCUE_NOT_SHARED'
  /** Oncue is switched off, and its listener gets no audio. */
  | 'ONCUE_DISABLED';

/** Warns in LiveKit's log; as a warning of the process where that log is not set up. Never throws. */
export function warn(
  code: OncueWarningCode,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  try {
    log().warn({ code, ...fields }, message);
  } catch {
    process.emitWarning(message, { code });
  }
}
