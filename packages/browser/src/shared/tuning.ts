// The figures of the output's clock, with what was measured for each. They share a file, and are literals, because then bundlers
// replace each name by its number.

/**
 * Readings kept. The player reads 50 times a second while something plays, so they span 300 ms: long enough for a median
 * that no single reading moves, short enough for a clock that drifts by 100 ppm.
 */
export const READINGS_KEPT = 15;

/** This many readings that agree with each other, but not with the rest, show a real step of the output. */
export const READINGS_OF_STEP = 4;

/**
 * Threshold between jitter and steps. Readings of a steady output lie within 1 ms of their median (p95, Chromium); when the
 * output stalls it steps by 4 to 70 ms.
 */
export const STEP_MS = 3;

/**
 * Steps remembered. A response is searched for up to a second after it sounded; a busy machine makes two or three steps in
 * that time.
 */
export const STEPS_KEPT = 8;

/**
 * Added to the spread of the readings: `getOutputTimestamp` was 2.6 to 4.8 ms early against a recording of a virtual
 * sound device (Chromium 156, Linux), and its own readings cannot show that.
 */
export const DEVICE_BOUND_MS = 5;

/**
 * Error of an instant that is computed from `outputLatency` and `currentTime`, which move in steps of a device buffer: 8 to
 * 21 ms were seen.
 */
export const LATENCY_ONLY_BOUND_MS = 25;

/** A result of `getOutputTimestamp` further than this from now does not come from a running output. */
export const PLAUSIBLE_MS = 2000;
