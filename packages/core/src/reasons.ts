/** Why something did not happen: the `reason` of an event. */

/** Why a response ended with no sample heard. */
export type SkipReason =
  /** It had no text. */
  | 'no_text'
  /** Its speech synthesis gave no audio. */
  | 'no_audio'
  /** The turn was cut before its first sample was heard. */
  | 'cut'
  /** Its language model or speech synthesis failed before a sample was heard. */
  | 'failed'
  /** The turn ended, or was abandoned, before its audio was sent. */
  | 'not_played'
  /** It was written, not spoken: the session had no audio output or no voice for it. */
  | 'not_spoken'
  /** It sounded only while nobody was there. */
  | 'no_listener'
  /**
   * It was played while the listener did not answer, or had left to a listener that muted the agent or went before it reported
   * anything. Nobody knows whether it was heard.
   */
  | 'not_known'
  /** It sounded only while the listener had muted the agent. */
  | 'muted'
  /** The session was closed. */
  | 'closed';

/** Why a queued state was dropped. */
export type StateDropReason = 'cut' | 'turn_ended' | 'closed';

/** Why a listener's message was not used. */
export type ReportDropReason =
  | 'bad_format'
  | 'too_large'
  | 'too_many'
  | 'duplicate'
  /** A number that means nothing: an error bound of minutes, a position before its start. */
  | 'out_of_range'
  /** It says that something will have been heard more than a second from now. */
  | 'in_future'
  /** More of the response than was sent. */
  | 'not_sent'
  /** Audio that had not left the agent by then [LW9]. */
  | 'before_it_left'
  /** More audio than fits into the time that has passed [LW9]. */
  | 'too_fast'
  | 'unknown_response'
  | 'wrong_listener';

/** Why a task's signal aborted. It is the `code` of the `OncueAbort` in `AbortSignal.reason`. */
export type TaskAbortReason = 'cut' | 'not_heard' | 'closed';
