// The figures of the search, with what was measured for each. They share a file, and are literals, because then bundlers
// replace each name by its number.

// What counts as a match

/**
 * Correlation above which a match is certain at once. No wrong place near the true one came above 0.86, and those that
 * came near it were more than a window away (648 segments on three networks).
 */
export const CERTAIN = 0.8;

/** After a certain match a better one may follow within a pitch period: 20 ms in the speech band. */
export const SETTLE_SAMPLES = 160;

/**
 * Of music a wrong place up to 80 ms before the true one came to 0.86. Below this correlation the search therefore goes on for
 * 100 ms: a start is confirmed a little later, instead of in the wrong place.
 */
export const EXACT = 0.9;
export const LONG_SETTLE_SAMPLES = 800;

/** Minimum correlation for the best match in the window to count as found. */
export const LIKELY = 0.5;

/** The first pass compares every 4th sample, which already rules out most places. */
export const ROUGH_STEP = 4;

/** Minimum correlation of the first pass for an exact comparison. The first pass is off by about 0.1. */
export const WORTH_A_LOOK = 0.15;

/** Mean power, -80 dBFS, below which a stretch counts as silence and is not compared. */
export const SILENT_POWER = 1e-8;

// Sounds that resemble themselves a little later: vowels, tones, chimes

/**
 * What a place loses for each sample (1/8 ms) that it is farther from the expected place, or later: 0.001 for 1 ms, which is
 * more than the noise of a codec, and less than what a place loses that misses the onset. At most 0.06, so that other sounds
 * are found wherever they are.
 */
export const FARTHER_SLOPE = 0.000125;
export const FARTHER_MOST = 0.06;

/** A place whose correlation is by no more than this below the best one may be the true place. */
export const ALIKE = 0.06;

/** 2.5 ms: the resolution of `spread`. There are enough for the widest window. */
export const BIN_SAMPLES = 20;
export const BINS = 600;

/** The bins of a pitch period. */
export const EDGE_BINS = 8;

// How much is searched, and when the page hears of it

/** Searches that may run at once: about two for every response that is under way. */
export const SEARCHES = 12;

/**
 * Multiplications per block, over all searches: about 70 µs of the 2.7 ms that a block lasts. A search for 150 ms of sound
 * needs 6,400 to 26,000 of them to keep up, more where its surroundings resemble it. The rest serves searches that began
 * late.
 */
export const PRODUCTS_PER_BLOCK = 38_000;

/** -66 dBFS: below quiet fricatives, above the noise that a codec makes of silence. */
export const LOUD = 0.0005;

/** Quiet that must come before an onset: 80 ms at 48 kHz. */
export const QUIET_FRAMES = 3840;

/** Blocks between two mails: 21 ms while there is sound or a search, else 250 ms. */
export const BUSY_BLOCKS = 8;
export const IDLE_BLOCKS = 94;

/** Mails stay frequent for 1 s after the last sound, because its end is still to be reported. */
export const BUSY_FRAMES = 48_000;

// The ring of rendered audio

/** Samples kept: 8.2 s at 8 kHz, so that a fingerprint that arrives late still finds its sound. */
export const KEPT = 65_536;

/** The longest sound that can be compared, in samples. */
export const LONGEST_SOUND = 2048;

export const QUANTUM = 128;
