import type { AgentMs, ListenerMs } from '../units.ts';

/** One exchange of `ping` and `pong`. */
export interface RoundTrip {
  readonly pingSentAtMs: AgentMs;
  readonly pingReceivedAtMs: ListenerMs;
  readonly pongSentAtMs: ListenerMs;
  readonly pongReceivedAtMs: AgentMs;
}

/** A listener's instant, converted to the agent's clock. */
export interface MappedInstant {
  readonly atMs: AgentMs;
  /** At most half the shortest round trip, plus what the clocks may have drifted since. */
  readonly errorBoundMs: number;
}

/** The limits that one round trip sets to the offset (listener clock minus agent clock): neither way took negative time. */
interface Sample {
  readonly mostMs: number;
  readonly leastMs: number;
  /** From the ping being sent to the pong coming back. */
  readonly spanMs: number;
  /** The same without the time that the listener kept it. */
  readonly tripMs: number;
  readonly takenAtMs: number;
}

/**
 * Round trips kept. With 60 ms of jitter, the fastest of 64 trips is within 1 to 2 ms of the fastest possible one. At a
 * few trips a second, none gets so old that drift makes it useless.
 */
const SAMPLES_KEPT = 64;

/** The map is settled by so many trips, if the latest few do not differ from the best by more than this. */
const SETTLED_TRIPS = 16;
const LATEST = 4;
const CALM_MS = 3;

/** A longer trip may be taken for an answer that does not come. */
const SHORT_TRIP_MS = 100;

/** Two quartz clocks differ by up to about 100 ppm. Used as a bound, not as a correction. */
const DRIFT_MS_PER_MS = 1e-4;

/**
 * Converts instants of a listener's clock to the agent's clock, from round trips.
 *
 * The way there of each trip limits the offset from above, the way back from below. The interval that all trips leave
 * holds the true offset, even if the two ways take different times. Its middle is exact if the fastest way there and the
 * fastest way back take the same time; they may belong to different trips. (The clock filter of NTP, RFC 5905 §10, takes
 * both from one trip.)
 */
export class ClockMap {
  #samples: Sample[] = [];
  #isSettled = false;

  /**
   * Adds a round trip. One of negative length is ignored, since no clock gives that. If no offset fits both this trip and
   * an earlier one, the listener's clock was set, and the map starts again with this trip [LW6].
   */
  addRoundTrip(trip: RoundTrip): void {
    const mostMs = trip.pingReceivedAtMs - trip.pingSentAtMs;
    const leastMs = trip.pongSentAtMs - trip.pongReceivedAtMs;
    const heldMs = trip.pongSentAtMs - trip.pingReceivedAtMs;
    if (heldMs < 0 || mostMs < leastMs) return;
    const spanMs = trip.pongReceivedAtMs - trip.pingSentAtMs;
    const tripMs = spanMs - heldMs;
    const sample = { mostMs, leastMs, spanMs, tripMs, takenAtMs: trip.pongReceivedAtMs };
    if (this.#samples.some((before) => excludes(before, sample))) this.#samples = [];
    this.#samples.push(sample);
    if (this.#samples.length > SAMPLES_KEPT) this.#samples.shift();
    this.#isSettled = areSettled(this.#samples);
  }

  /**
   * Whether more round trips would tell little: there are some, they take little time, and the latest of them set about
   * the same limits as the best.
   */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Forgets all trips. For a listener that reloaded, whose clock starts again. */
  reset(): void {
    this.#samples = [];
    this.#isSettled = false;
  }

  /** Converts an instant. `undefined` before the first round trip. */
  toAgent(atMs: ListenerMs): MappedInstant | undefined {
    const latest = this.#samples.at(-1);
    if (!latest) return undefined;
    const aboutMs = atMs - (latest.mostMs + latest.leastMs) / 2;
    // By how much that may be off, since the clocks may have drifted apart since the latest trip.
    const aboutErrorMs = Math.abs(aboutMs - latest.takenAtMs) * DRIFT_MS_PER_MS;
    let mostMs = Number.POSITIVE_INFINITY;
    let leastMs = Number.NEGATIVE_INFINITY;
    for (const sample of this.#samples) {
      // The clocks may have drifted apart between the trip and the instant, and during the trip.
      const spansMs = 2 * (sample.spanMs + latest.spanMs);
      const apartMs = Math.abs(aboutMs - sample.takenAtMs) + aboutErrorMs + spansMs;
      mostMs = Math.min(mostMs, sample.mostMs + apartMs * DRIFT_MS_PER_MS);
      leastMs = Math.max(leastMs, sample.leastMs - apartMs * DRIFT_MS_PER_MS);
    }
    const offsetMs = (mostMs + leastMs) / 2;
    // If the clocks drift more than assumed, the limits cross. How far they cross is then the bound.
    return { atMs: (atMs - offsetMs) as AgentMs, errorBoundMs: Math.abs(mostMs - leastMs) / 2 };
  }
}

function areSettled(samples: readonly Sample[]): boolean {
  if (samples.length < SETTLED_TRIPS) return false;
  let mostMs = Number.POSITIVE_INFINITY;
  let leastMs = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    mostMs = Math.min(mostMs, sample.mostMs);
    leastMs = Math.max(leastMs, sample.leastMs);
  }
  for (let index = samples.length - LATEST; index < samples.length; index += 1) {
    const one = samples[index] as Sample;
    if (one.tripMs > SHORT_TRIP_MS) return false;
    if (one.mostMs - mostMs > CALM_MS || leastMs - one.leastMs > CALM_MS) return false;
  }
  return true;
}

/** Allows for rounding of instants, which are floats. A clock that was set by less than this is not noticed. */
const ROUNDING_MS = 0.01;

/** Whether no offset fits both samples, with any drift between them. */
function excludes(before: Sample, after: Sample): boolean {
  const betweenMs = Math.abs(after.takenAtMs - before.takenAtMs);
  const driftMs = (betweenMs + 2 * (before.spanMs + after.spanMs)) * DRIFT_MS_PER_MS;
  const slackMs = driftMs + ROUNDING_MS;
  return after.leastMs > before.mostMs + slackMs || before.leastMs > after.mostMs + slackMs;
}
