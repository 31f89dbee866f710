/** To the worklet. Samples are sent as a bare `Int16Array`, another port as a bare `MessagePort`. */
export type WorkletCommand = 'read' | 'clear' | 'pause' | 'resume' | 'dispose';

/** Options that the page passes when it creates the worklet node. */
export interface PlayerProcessorOptions {
  /** Size of the ring. */
  readonly capacitySamples: number;
  /** After silence, this many samples are gathered before they play. */
  readonly startSamples: number;
  /** After this many frames, fewer samples are played too. */
  readonly startWaitFrames: number;
}

/** The name under which the player's processor is registered. */
export const PLAYER_PROCESSOR = 'oncue-player';
