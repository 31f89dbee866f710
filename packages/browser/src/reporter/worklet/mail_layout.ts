/**
 * Layout of the mail, which the reporter's worklet sends to the page: plain numbers in one array, which is allocated once.
 * The port copies it. Import this file as `MAIL`: bundlers then replace each name by its number.
 *
 * All frame numbers count the frames that the worklet has rendered.
 */

/** Frames rendered so far. */
export const frames = 0;

/** Largest `currentFrame` minus `frames` seen: converts our frames to the context's timeline. */
export const frameOffset = 1;

/** Where sound began after the latest quiet; -1 before any. */
export const onsetFrame = 2;

/** End of the latest block with sound in it. */
export const loudUntilFrame = 3;

/** Searches that have ended so far; the last `findingsKept` results are kept. */
export const findingCount = 4;

/** The place of the first finding. Finding n is at `findings + (n % findingsKept) * findingFields`. */
export const findings = 5;

/**
 * Fields of a finding: search id, frame of the sound's first sample (fractional), correlation from -1 to 1, how found, and how
 * many frames away the sound may as well be.
 */
export const findingFields = 5;

/** How many findings are kept. About two arrive per second. */
export const findingsKept = 16;

/** Length of the mail. */
export const length = 85;

/** How found: nowhere in the window. */
export const notFound = 0;

/** How found: with a correlation that nothing else in speech reaches. */
export const certain = 1;

/** How found: as the best match in the whole window. */
export const likely = 2;
