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
  /** Half the shortest round trip, plus what the clocks may have drifted since. */
  readonly errorBoundMs: number;
}

interface Sample {
  /** Listener clock minus agent clock. */
  readonly offsetMs: number;
  readonly halfTripMs: number;
  /** From the ping being sent to the pong coming back. */
  readonly spanMs: number;
  readonly takenAtMs: number;
}

/**
 * Round trips kept. Among 16 at one a second at least one is short even on a busy link, and an old one is not kept so
 * long that drift makes it the worse one.
 */
const SAMPLES_KEPT = 16;

/** Two quartz clocks differ by up to some 100 ppm; a bound, not a correction. */
const DRIFT_MS_PER_MS = 1e-4;

/**
 * Puts instants of a listener's clock on the agent's, from round trips.
 *
 * The trip with the smallest bound counts: an answer that came back fast cannot have waited long on either way, so half
 * its trip bounds the error whatever the asymmetry (NTP, RFC 5905 §8; clock filter §10).
 */
export class ClockMap {
  #samples: Sample[] = [];

  /** A trip of negative length, which no clock can give, is ignored. */
  addRoundTrip(trip: RoundTrip): void {
    const awayMs = trip.pongReceivedAtMs - trip.pingSentAtMs;
    const heldMs = trip.pongSentAtMs - trip.pingReceivedAtMs;
    const halfTripMs = (awayMs - heldMs) / 2;
    if (heldMs < 0 || halfTripMs < 0) return;
    const offsetMs =
      (trip.pingReceivedAtMs - trip.pingSentAtMs + trip.pongSentAtMs - trip.pongReceivedAtMs) / 2;
    this.#samples = [
      ...this.#samples,
      { offsetMs, halfTripMs, spanMs: awayMs, takenAtMs: trip.pongReceivedAtMs },
    ].slice(-SAMPLES_KEPT);
  }

  /** Forgets all, for a listener that reloaded: its clock began anew. */
  reset(): void {
    this.#samples = [];
  }

  /** `undefined` before the first round trip. */
  toAgent(atMs: ListenerMs): MappedInstant | undefined {
    let best: MappedInstant | undefined;
    for (const { offsetMs, halfTripMs, spanMs, takenAtMs } of this.#samples) {
      const mappedMs = (atMs - offsetMs) as AgentMs;
      // The clocks may have drifted apart between the trip and the instant, and during the trip.
      const apartMs = Math.abs(mappedMs - takenAtMs) + 2 * spanMs;
      const errorBoundMs = halfTripMs + apartMs * DRIFT_MS_PER_MS;
      if (!best || errorBoundMs <= best.errorBoundMs) best = { atMs: mappedMs, errorBoundMs };
    }
    return best;
  }
}
