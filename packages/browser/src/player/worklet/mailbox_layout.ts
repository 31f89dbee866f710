/**
 * Layout of the mailbox, which the player's worklet fills: plain numbers in one array, which is allocated once, so that
 * `process` allocates nothing. The port's handler, which runs between blocks, answers a request with a copy. Import this file
 * as `MAILBOX`: bundlers then replace each name by its number.
 *
 * Positions count the samples of the stream: all responses one after the other, as they were written. Frames count what the
 * worklet has rendered, silence included.
 */

/** Frames rendered so far. */
export const frames = 0;

/** Largest `currentFrame` minus `frames` seen: converts our frames to the context's timeline. */
export const frameOffset = 1;

/** Position after the last sample taken. */
export const readPosition = 2;

/** Position after the last sample written. */
export const writtenPosition = 3;

/** Samples for which there was no room. */
export const overflowSamples = 4;

/** Runs begun so far; the last `runsKept` of them are kept. */
export const runCount = 5;

/** Run n is at `runs + (n % runsKept) * runFields`. */
export const runs = 8;

/** Fields of a run, which is a stretch of samples rendered without a break: first frame, first position, length in samples. */
export const runFields = 3;

/**
 * After silence the worklet waits for 20 ms or gathers more before a run begins, so there are at most 50 runs a second. A page
 * that asks only once a second, as a hidden one does, misses none.
 */
export const runsKept = 64;

/** Length of the mailbox. */
export const length = 200;
