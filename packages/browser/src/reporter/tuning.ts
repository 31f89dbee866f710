// The figures that the reporter rests on, with what was measured for each. They share a file, and are literals, because then
// bundlers replace each name by its number.

// Where a piece is searched for

/**
 * To each side of the expected place. Of 648 segments on three networks none was further off; a wider window would also
 * match another sentence with the same beginning.
 */
export const START_WINDOW_MS = 250;

/**
 * Soon after another piece: the jitter buffer has had little time to move, and the end of the sentence before may resemble
 * the beginning of this one. Such wrong matches came up to 230 ms too early.
 */
export const NEAR_WINDOW_MS = 150;

/** For the very first piece: a fingerprint is sent when its piece leaves, but the one that arrives may be a repetition. */
export const FIRST_BEFORE_MS = 400;
export const FIRST_AFTER_MS = 1000;

/** After this many misses in a row the expected place is no longer trusted. */
export const MISSES_TO_FORGET = 2;

/** `NEAR_WINDOW_MS` applies up to this long after the last piece, on the agent's clock: inside a response, and at a start. */
export const INNER_WITHIN_MS = 3000;
export const START_WITHIN_MS = 1000;

// How exact a match is

/** Error bound for an instant of a certain match, and of a match that is only the best in its window. */
export const CERTAIN_BOUND_MS = 1;
export const LIKELY_BOUND_MS = 5;

/** Added for a periodic piece, which may match one pitch period too early or too late. */
export const PERIOD_BOUND_MS = 16;

/** Added instead when the confirming piece is itself periodic. */
export const CONFIRMED_PERIOD_BOUND_MS = 10;

/**
 * A piece that may as well lie farther away than this is inside a steady sound: it says that the sound goes on, not where. A
 * start from which the sound is steady is found within 20 ms, since before it there is no such sound.
 */
export const STEADY_MS = 30;

// The second piece checks the first

/** Pitch autocorrelation of a steady vowel; other speech stays below it. */
export const PERIODIC = 0.8;

/** Pitch periods of voices in samples of the 8 kHz band: 2.5 and 16 ms, for 400 Hz down to 62 Hz. */
export const SHORTEST_PERIOD = 20;
export const LONGEST_PERIOD = 128;

/** Between two pieces so near to each other the jitter buffer has hardly moved. */
export const NEAR_MS = 500;

/** A difference above the longest pitch period, or below 1.5 ms, is not a mistaken period. */
export const PERIOD_MS = 20;
export const AGREES_MS = 1.5;

/** By so much the correlation may be lower at the place that the second piece implies. */
export const CORRELATION_TOLERANCE = 0.06;

// From pieces to start and playhead

/**
 * After the last known point the playhead advances for at most this long. The agent sends a fingerprint about every 600 ms;
 * if none came for more than three times as long, it is not known that more was sent.
 */
export const LONGEST_UNKNOWN_MS = 2000;

/**
 * A piece is normally found within this time after the one before it. Of a steady sound none is: until another sound comes the
 * jitter buffer may play faster or slower by 5 %, and no buffer moves by more than 200 ms.
 */
export const CHECKED_MS = 1200;
export const DRIFT_SHARE = 0.05;
export const MOST_DRIFT_MS = 200;

/** A piece up to this far in gives the start directly. Before a later piece the jitter buffer may have moved. */
export const NEAR_START_MS = 450;

/** The last fingerprint of a response lies within 300 ms of its end, and speech may end in quiet. */
export const NEAR_END_MS = 400;

/**
 * Where sound stops, so do the words: a pause of the voice moves none of them on, and the network may have gone away. The last
 * sounds of a word may be this long and too quiet to count.
 */
export const QUIET_WORD_MS = 60;

/**
 * Readings kept of the packets that were played. One comes with each mail of the worklet, every 21 ms while there is sound, and
 * what lies more than `LONGEST_UNKNOWN_MS` back is not asked for.
 */
export const PACKETS_KEPT = 128;

/**
 * The words may be this far ahead of the packets: the latest reading is up to 21 ms old, and a packet has 20 ms. What a packet has
 * is heard some 40 ms after the browser took it, so that in a gap the words are ahead by little of this.
 */
export const AHEAD_OF_PACKETS_MS = 50;

/** A piece that is announced again and leaves this much later is a new one: playout was paused before it left. */
export const POSTPONED_MS = 20;

/** Error bound of a start that is computed back from a later piece. */
export const BACK_BOUND_MS = 25;

/** Computed back over more than this, there may be a break that nobody reported. */
export const LONGEST_BACK_MS = 3000;

/** If so many pieces before the first one that was found were not, the packets of the start were probably lost. */
export const LOST_PIECES = 2;

/** Error bounds of a start that is estimated: where sound began; where it was expected; or far before a found piece. */
export const ONSET_BOUND_MS = 30;
export const EXPECTED_BOUND_MS = 60;
export const FAR_BOUND_MS = 250;

/** In a first piece, which lasts 100 ms, sound begins no later than this, and mostly within the shorter time. */
export const LATE_ONSET_MS = 90;
export const EARLY_ONSET_MS = 40;

/** An agent that has sent nothing for so long, ms, is out of reach: it pings each second. Then reports that repeat are not sent. */
export const AGENT_GONE_MS = 3000;

// Pauses

/** After `resume`, sound begins or a piece is found within 1.5 s; else playout went on after the usual time on the way. */
export const RESUMED_WITHIN_MS = 1500;
export const USUAL_PATH_MS = 150;

// Responses under way

/** Responses followed at once. An agent has two or three under way. */
export const MOST_TRACKS = 32;

/** Ids kept of responses that are over, so that a late fingerprint does not bring one back. */
export const OVER_KEPT = 64;

export const CLEARS_KEPT = 8;

/** A response that was cut before it was found is found within its search window, or given up. */
export const GIVE_UP_CUT_MS = 1500;

/** A response that has not been found this long after it became known is given up. */
export const GIVE_UP_MS = 30_000;

/** Quiet before an onset. */
export const QUIET_MS = 80;

// Reports

/**
 * Between two reports of a response that plays as the last one said. Each is a packet on the connection that carries the
 * user's voice, and costs the agent about 0.5 ms.
 */
export const REPORT_INTERVAL_MS = 250;

/** The same if it is this far from where the last report said it would be, or does not move any more. */
export const CORRECTION_INTERVAL_MS = 100;
export const OFF_COURSE_MS = 20;

// The audio context

/**
 * A context that may make sound starts within about 50 ms (Chromium), or 0.5 s (WebKitGTK). Only after this time the state is
 * `blocked`, unless the browser says whether it allows sound.
 */
export const START_PATIENCE_MS = 1000;

/** Interval of the check for a stalled device. */
export const CHECK_INTERVAL_MS = 500;

/** A context that claims to run but renders nothing for this long has stalled. The worklet sends a mail every 250 ms or sooner. */
export const STALLED_MS = 1500;

// Messages

/** How late a message of the agent may arrive, in sequence numbers. */
export const REPLAY_WINDOW_SIZE = 512;

/** Past sessions remembered, so that a late message does not bring one back. */
export const EPOCHS_KEPT = 16;

/** Fingerprints kept until the worklet runs: the latest. */
export const WAITING_KEPT = 8;

// The audio graph

/** -100 dB: a context that renders only silence no longer follows the clock of its device. */
export const UNHEARD_GAIN = 1e-5;

/** Time constant of volume changes, in seconds. A faster change would click. */
export const GAIN_SECONDS = 0.01;
