/**
 * What the player's worklet tells of itself: plain numbers in one array that is made once, so that `process` allocates
 * nothing. The port's handler, which runs between blocks, answers a request with a copy.
 *
 * Positions count the samples of the stream, that is of all responses one behind the other as they were written.
 * Frames count what the worklet rendered, silence included.
 */
export const MAILBOX = {
  /** Frames rendered so far. */
  frames: 0,
  /** Largest `currentFrame` minus `frames` seen: puts our frames on the context's timeline. */
  frameOffset: 1,
  /** Position behind the last sample taken. */
  readPosition: 2,
  /** Position behind the last sample written. */
  writtenPosition: 3,
  /** Samples that found no room. */
  overflowSamples: 4,
  /** Runs begun so far; the last `RUNS_KEPT` of them are kept. */
  runCount: 5,
  /** Run n lies at `runs + (n % RUNS_KEPT) * RUN_FIELDS`. */
  runs: 8,
} as const;

/** A stretch of samples rendered without a break: its first frame, its first position, its length in samples. */
export const RUN_FIELDS = 3;

/**
 * After silence some 20 ms are waited or more gathered before a run begins, so there are at most 50 a second: none is lost to a page
 * that asks but once a second, as a hidden one does.
 */
export const RUNS_KEPT = 64;

export const MAILBOX_LENGTH: number = MAILBOX.runs + RUNS_KEPT * RUN_FIELDS;

/** To the worklet. Samples come as a bare `Int16Array`, another port as a bare `MessagePort`. */
export type WorkletCommand = 'read' | 'clear' | 'pause' | 'resume' | 'dispose';

/** What the page gives the worklet when it is made. */
export interface PlayerProcessorOptions {
  readonly capacitySamples: number;
  /** After silence, so much is gathered before it plays. */
  readonly startSamples: number;
  /** What is there plays all the same after so many frames. */
  readonly startWaitFrames: number;
}

/** The name under which the player's processor is registered. */
export const PLAYER_PROCESSOR = 'oncue-player';
