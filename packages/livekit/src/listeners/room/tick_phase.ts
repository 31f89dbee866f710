import { type AgentMs, addMs } from '@oncue/core';

/** A block leaves at every tick (`webrtc-sys/src/audio_track.cpp`: a repeating task, silence where nothing is queued). */
export const TICK_MS = 10;

/** How many stamps are kept: the latest ones. */
const STAMPS = 16;

/**
 * When a source ticks, estimated from stamps of its ticks. Pure: each stamp gives a new phase.
 *
 * A stamp is the instant at which the agent's event loop learned of a tick. It is never before its tick, mostly a fraction
 * of a millisecond after it, and now and then several ticks after it.
 */
export class TickPhase {
  /** Before the first stamp. */
  static readonly UNKNOWN: TickPhase = new TickPhase([]);

  readonly #stamps: readonly AgentMs[];
  /** Some tick. `undefined` before the first stamp. */
  readonly #tickMs: AgentMs | undefined;

  private constructor(stamps: readonly AgentMs[]) {
    this.#stamps = stamps;
    this.#tickMs = bestTick(stamps);
  }

  get isKnown(): boolean {
    return this.#tickMs !== undefined;
  }

  /** The phase with one more stamp. */
  withStamp(stampMs: AgentMs): TickPhase {
    return new TickPhase([...this.#stamps, stampMs].slice(-STAMPS));
  }

  /** The first tick at `nowMs` or later. Before the first stamp: the middle of the interval in which it lies. */
  nextTickMs(nowMs: AgentMs): AgentMs {
    if (this.#tickMs === undefined) return addMs(nowMs, TICK_MS / 2);
    return addMs(this.#tickMs, Math.ceil((nowMs - this.#tickMs) / TICK_MS) * TICK_MS);
  }

  /** Time since the latest tick, 0 to 10 ms. Before the first stamp: 0. */
  sinceTickMs(nowMs: AgentMs): number {
    return this.#tickMs === undefined ? 0 : sinceTickMs(nowMs, this.#tickMs);
  }
}

function sinceTickMs(atMs: AgentMs, tickMs: AgentMs): number {
  const ticks = (atMs - tickMs) / TICK_MS;
  return (ticks - Math.floor(ticks)) * TICK_MS;
}

/** The stamp that minimises the total squared lateness of the others, since most stamps are hardly late. */
function bestTick(stamps: readonly AgentMs[]): AgentMs | undefined {
  const latenesses = stamps.map((tickMs) =>
    stamps.reduce((sum, stampMs) => sum + sinceTickMs(stampMs, tickMs) ** 2, 0),
  );
  return stamps[latenesses.indexOf(Math.min(...latenesses))];
}
