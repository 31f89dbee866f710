// The figures that the player's worker rests on, with what was measured for each. They share a file, and are literals, because
// then bundlers replace each name by its number.

// How often the worker acts

/** While something plays. A device buffer lasts about as long, so asking more often would show nothing new. */
export const BUSY_TICK_MS = 10;

/** Until a response begins, so that the agent hears of it before it sounds. Timers are no faster. */
export const START_TICK_MS = 4;

export const IDLE_TICK_MS = 50;

/** Between two readings of the output, which the page's main thread makes: while something plays, and otherwise. */
export const BUSY_READ_MS = 20;
export const IDLE_READ_MS = 100;

/** When more than this waits to be sent the connection is congested, and a position would be out of date when it arrives. */
export const MAX_WAITING_BYTES = 65_536;

/** A worklet that does not answer is not asked more often. */
export const MAX_UNANSWERED = 3;

// Reports

/** Between two reports of a response that plays. Three a second would do; twenty draw a smooth playhead at the agent. */
export const REPORT_INTERVAL_MS = 50;

/** Between two reports of a response that stands still, in case the agent missed one. */
export const STANDSTILL_INTERVAL_MS = 1000;

/**
 * What was rendered before a cut sounds a little later, and is reported then, but at most this much later: the agent waits 250 ms
 * for the last report of a cut, and a Bluetooth device alone may take that long.
 */
export const MAX_CUT_WAIT_MS = 100;

/** A start that moves by less is not reported again: single readings of the output jitter by that much. */
export const START_TOLERANCE_MS = 0.5;

/** A frame that seems to sound so much before it was rendered shows a stall of the output; less is jitter of the readings. */
export const STALL_MS = 3;

/** After so many stalls that the next reading denies, what is rendered says nothing of this output. */
export const STALLS_DENIED = 3;

/** Runs kept here. Only samples of the last seconds are asked for. */
export const RUNS_REMEMBERED = 256;

// What counts as stalled or gone

/** Agents ping once a second. After five missing pings the agent counts as gone. */
export const AGENT_SILENT_MS = 5000;

/** A context that claims to run but renders nothing for this long has stalled: its device is gone or asleep. */
export const STALLED_MS = 1000;

/**
 * A context that may make sound starts within about 50 ms (Chromium), or 0.5 s (WebKitGTK). Only after this time the state is
 * `blocked`, unless the browser says whether it allows sound.
 */
export const START_PATIENCE_MS = 1000;

/** Of a longer gap between two ticks only this much counts: the page itself was stopped and could not have noticed anything. */
export const LONGEST_TICK_MS = 250;

// The socket

/** Waits between attempts to connect. The first is short, because most connections are lost when the agent restarts. */
export const FIRST_WAIT_MS = 250;
export const LONGEST_WAIT_MS = 5000;

/** How long the worker lives after `close`, so that the last messages are sent. */
export const CLOSING_MS = 1000;
