/** Sample frames per second. The graph of the reporter always runs at this rate. */
export const FRAME_RATE_HZ = 48_000;

/** The same rate, per millisecond. */
export const FRAMES_PER_MS: number = FRAME_RATE_HZ / 1000;
