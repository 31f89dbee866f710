import type { AgentMs, ListenerMs } from '../units.ts';

/** One exchange of `ping` and `pong`. */
export interface RoundTrip {
  readonly pingSentAtMs: AgentMs;
  readonly pingReceivedAtMs: ListenerMs;
  readonly pongSentAtMs: ListenerMs;
  readonly pongReceivedAtMs: AgentMs;
}

/** An instant of a listener put on the agent's clock. */
export interface MappedInstant {
  readonly atMs: AgentMs;
  /** At most half the shortest round trip, plus what the clocks may have drifted since. */
  readonly errorBoundMs: number;
}

/** What one round trip says of the offset, listener clock minus agent clock: neither way can have taken negative time. */
interface Sample {
  readonly mostMs: number;
  readonly leastMs: number;
  /** From the ping being sent to the pong coming back. */
  readonly spanMs: number;
  readonly takenAtMs: number;
}

/**
 * Round trips kept. On a way with 60 ms of jitter the fastest of 64 is within a millisecond or two of the fastest there
 * is; and at a few a second none is kept so long that drift makes it worthless.
 */
const SAMPLES_KEPT = 64;

/** Two quartz clocks differ by up to some 100 ppm; a bound, not a correction. */
const DRIFT_MS_PER_MS = 1e-4;

/**
 * Puts instants of a listener's clock on the agent's, from round trips.
 *
 * Each trip bounds the offset from above by its way there and from below by its way back. The interval that all of them
 * leave holds the true offset whatever the asymmetry; its middle is right when the fastest ways there and back take the
 * same time, though they may belong to different trips (NTP's clock filter, RFC 5905 §10, takes both from one).
 */
export class ClockMap {
  #samples: Sample[] = [];

  /**
   * A trip of negative length, which no clock can give, is ignored. After one that those before it exclude the listener's
   * clock was set: the map starts anew with it [LW6].
   */
  addRoundTrip(trip: RoundTrip): void {
    const mostMs = trip.pingReceivedAtMs - trip.pingSentAtMs;
    const leastMs = trip.pongSentAtMs - trip.pongReceivedAtMs;
    const heldMs = trip.pongSentAtMs - trip.pingReceivedAtMs;
    if (heldMs < 0 || mostMs < leastMs) return;
    const spanMs = trip.pongReceivedAtMs - trip.pingSentAtMs;
    const sample = { mostMs, leastMs, spanMs, takenAtMs: trip.pongReceivedAtMs };
    if (this.#samples.some((before) => excludes(before, sample))) this.#samples = [];
    this.#samples.push(sample);
    if (this.#samples.length > SAMPLES_KEPT) this.#samples.shift();
  }

  /** Forgets all, for a listener that reloaded: its clock began anew. */
  reset(): void {
    this.#samples = [];
  }

  /** `undefined` before the first round trip. */
  toAgent(atMs: ListenerMs): MappedInstant | undefined {
    const latest = this.#samples.at(-1);
    if (!latest) return undefined;
    const aboutMs = atMs - (latest.mostMs + latest.leastMs) / 2;
    let mostMs = Number.POSITIVE_INFINITY;
    let leastMs = Number.NEGATIVE_INFINITY;
    for (const sample of this.#samples) {
      // The clocks may have drifted apart between the trip and the instant, and during the trip.
      const apartMs = Math.abs(aboutMs - sample.takenAtMs) + 2 * (sample.spanMs + latest.spanMs);
      mostMs = Math.min(mostMs, sample.mostMs + apartMs * DRIFT_MS_PER_MS);
      leastMs = Math.max(leastMs, sample.leastMs - apartMs * DRIFT_MS_PER_MS);
    }
    const offsetMs = (mostMs + leastMs) / 2;
    // Clocks that run further apart than assumed leave no interval; its width still says by how much they do.
    return { atMs: (atMs - offsetMs) as AgentMs, errorBoundMs: Math.abs(mostMs - leastMs) / 2 };
  }
}

/** Instants are floats; a clock that was set by less than this need not be noticed. */
const ROUNDING_MS = 0.01;

/** Whether no offset fits both, however the clocks have drifted from one to the other. */
function excludes(before: Sample, after: Sample): boolean {
  const betweenMs = Math.abs(after.takenAtMs - before.takenAtMs);
  const driftMs = (betweenMs + 2 * (before.spanMs + after.spanMs)) * DRIFT_MS_PER_MS;
  const slackMs = driftMs + ROUNDING_MS;
  return after.leastMs > before.mostMs + slackMs || before.leastMs > after.mostMs + slackMs;
}
