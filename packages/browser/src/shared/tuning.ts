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
 * Added to the spread of the readings: what the device adds after the instant that the browser states, which no reading shows. A
 * PulseAudio null sink sounded 5.5 to 13.4 ms later than `getOutputTimestamp` of Chromium 156 said (`bench -- player`,
 * `bench -- room --device`). It is no correction, since other devices add more or less.
 */
export const DEVICE_BOUND_MS = 15;

/**
 * Error of an instant that is computed from `outputLatency` and `currentTime`. The latter is up to one block of the browser old:
 * 8 to 21 ms were seen (Firefox ESR 153: 0 to 20 ms).
 */
export const LATENCY_ONLY_BOUND_MS = 25;

/**
 * The same where the browser does not report `outputLatency`. WebKitGTK was 63 to 93 ms late; Bluetooth headphones take up to
 * 250 ms.
 */
export const UNKNOWN_LATENCY_BOUND_MS = 250;

/**
 * The latency that is assumed where the browser does not say it, or is not asked. Sound devices were seen with 31 to 51 ms (Firefox
 * ESR 153) and 63 to 107 ms (WebKitGTK). None has 0.
 */
export const ASSUMED_LATENCY_MS = 40;

/** Between two readings of `outputLatency`, and while it is 0 or missing. */
export const LATENCY_READ_MS = 10_000;
export const LATENCY_WANTED_MS = 500;

/** Firefox starts a context by a clock of its own, and then the device. */
export const DEVICE_SETTLED_MS = 500;

/** A context that runs renders at least every 100 ms, even on a busy machine. */
export const FROZEN_MS = 1000;

/** A context that is allowed to make sound starts within about 50 ms in Chromium, and within 0.1 to 3 s in Firefox. */
export const DEVICE_STARTS_WITHIN_MS = 5000;

/** A result of `getOutputTimestamp` further than this from now does not come from a running output. */
export const PLAUSIBLE_MS = 2000;

/** What plays was rendered at most this long ago. Bluetooth devices take a quarter of it. */
export const LONGEST_LATENCY_MS = 1000;

/**
 * Before this a pair that says when a frame sounds, and one whose `performanceTime` is ahead by the age of the context, look alike:
 * both are up to 20 ms old, and on a busy machine older.
 */
export const PAIRS_TOLD_APART_FROM_MS = 100;

/** After this many broken pairs in a row no pair is used. */
export const BROKEN_PAIRS = 2;

/** Steps of a coarse `performance.now`, largest first. A finer clock is off all of them within five readings. */
export const CLOCK_STEPS_MS: readonly number[] = [100, 16.667, 1];
export const CLOCK_READINGS = 5;
