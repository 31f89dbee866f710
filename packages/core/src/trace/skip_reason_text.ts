import type { SkipReason } from '../events.ts';

/** Why a response was never heard. Completes a sentence that begins with "never heard:". */
export const SKIP_REASON_TEXT: Readonly<Record<SkipReason, string>> = {
  no_text: 'it had no text',
  no_audio: 'its TTS gave no audio',
  cut: 'the turn was cut before it began',
  failed: 'its LLM or TTS failed',
  not_played: 'the turn ended before it began',
  not_spoken: 'it was written, not spoken',
  no_listener: 'nobody listened',
  not_known: 'its listener did not report it, so nobody knows whether it was heard',
  muted: 'the listener had muted the agent',
  closed: 'the session was closed',
};
