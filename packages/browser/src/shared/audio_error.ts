/** What is wrong with the page's audio. What to do about each: `docs/reference/errors.md`. */
export type AudioErrorCode =
  /** The player's worker could not be started. Serve `player.worker.js` from the page's own origin. */
  | 'worker_not_started'
  /** The AudioWorklet could not be loaded. Serve its file, and the page over https or from localhost. */
  | 'worklet_not_loaded'
  /** The AudioWorklet threw while it ran. Reload the page. */
  | 'worklet_failed'
  /** The browser has no audio output at the agent's sample rate. */
  | 'no_output'
  /** The browser allows sound, but its sound device does not start. Connect one, or choose another. */
  | 'device_not_started'
  /** The output device that the user chose is not used; another one plays. */
  | 'device_not_used'
  /** The browser did not start the agent's track, so it may be silent. */
  | 'track_not_playing'
  /** This version of livekit-client does not show the audio plugins of a track, so the reporter is not in its graph. */
  | 'livekit_changed'
  /** The given `audioContext` does not run at 48 kHz. */
  | 'wrong_sample_rate';

/** Something is wrong with the page's audio. The message says what to do. */
export class AudioError extends Error {
  readonly code: AudioErrorCode;

  constructor(code: AudioErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'AudioError';
    this.code = code;
  }
}
