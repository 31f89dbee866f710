/** All audio of the simulator. */
export const SAMPLES_PER_MS = 24;
export const RATE_HZ: number = SAMPLES_PER_MS * 1000;
