import type { Room } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';
import type { PathEvents } from '../listener_device.ts';

/** How often the room's statistics are read while nobody reports. */
const INTERVAL_MS = 2000;

/**
 * The delay that the room's statistics do not cover: from the server to the listener, the jitter buffer and the output.
 * Measured by the benchmark `room`, from the agent's queue to the ear. `USUAL_BOUND_MS` is the half-width of its interval.
 */
export const USUAL_DELAY_MS = 200;
export const USUAL_BOUND_MS = 180;

/** A delay, and by how much it may be off. */
export interface PathEstimate {
  readonly delayMs: number;
  readonly errorBoundMs: number;
}

const USUAL_PATH: PathEstimate = { delayMs: USUAL_DELAY_MS, errorBoundMs: USUAL_BOUND_MS };

/**
 * The server counts a listener as subscribed before the connection to it is set up, and before its page plays. On a busy
 * machine the first sample was heard up to 0.7 s later than usual, and a page that reports said so up to 1.5 s after it had
 * subscribed [RM14].
 */
const NEW_LISTENER_MS = 2000;
const NEW_LISTENER_BOUND_MS = 1000;

/** The part of the statistics that is read, as protobuf gives it. */
interface Stat {
  readonly stats?: {
    readonly case?: string;
    readonly value?: {
      readonly received?: { readonly jitter?: number };
      readonly remoteInbound?: { readonly roundTripTime?: number };
    };
  };
}

/** The path from the agent to the server, as the room's own statistics give it. */
interface UplinkStats {
  readonly roundTripMs: number;
  readonly jitterMs: number;
}

/** What a path works with. */
export interface RoomPathPort {
  readonly room: Pick<Room, 'getRtcStats'>;
  readonly clock: Clock;
  readonly events: PathEvents;
  /** From the server to the ear. Default: `USUAL_DELAY_MS` and `USUAL_BOUND_MS`. */
  readonly usual?: PathEstimate | undefined;
}

/**
 * Estimates the path to a listener without a reporter: the usual delay from the server to an ear, and the measured one from
 * the agent to the server (RTCP receiver reports, RFC 3550 §6.4.1: `roundTripTime`, `jitter`).
 */
export class RoomPath {
  readonly #room: Pick<Room, 'getRtcStats'>;
  readonly #clock: Clock;
  readonly #events: PathEvents;
  /** Without the way from the agent to the server. */
  readonly #usual: PathEstimate;
  #delayMs: number;
  #errorBoundMs: number;
  #cancel: (() => void) | undefined;
  /** Set while a listener is new. */
  #cancelNew: (() => void) | undefined;

  constructor({ room, clock, events, usual = USUAL_PATH }: RoomPathPort) {
    this.#room = room;
    this.#clock = clock;
    this.#events = events;
    this.#usual = usual;
    this.#delayMs = usual.delayMs;
    this.#errorBoundMs = usual.errorBoundMs;
  }

  /** Reads the statistics now and at every interval, until `stop`. */
  start(): void {
    if (this.#cancel) return;
    this.#cancel = this.#clock.schedule(0, () => void this.#read());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Somebody has just subscribed: for a while the delay is less certain. */
  listenerIsNew(): void {
    this.#cancelNew?.();
    this.#cancelNew = this.#clock.schedule(NEW_LISTENER_MS, () => {
      this.#cancelNew = undefined;
      this.#report();
    });
    this.#report();
  }

  close(): void {
    this.stop();
    this.#cancelNew?.();
  }

  #report(): void {
    const moreMs = this.#cancelNew ? NEW_LISTENER_BOUND_MS : 0;
    this.#events.pathEstimated(this.#delayMs, this.#errorBoundMs + moreMs);
  }

  async #read(): Promise<void> {
    // A room that is not connected rejects.
    const stats = await this.#room.getRtcStats().catch(() => undefined);
    if (!this.#cancel) return;
    const uplink = uplinkOf((stats?.publisherStats ?? []) as readonly Stat[]);
    if (uplink) {
      const halfTripMs = uplink.roundTripMs / 2;
      this.#delayMs = this.#usual.delayMs + halfTripMs;
      this.#errorBoundMs = this.#usual.errorBoundMs + halfTripMs + 2 * uplink.jitterMs;
      this.#report();
    }
    this.#cancel = this.#clock.schedule(INTERVAL_MS, () => void this.#read());
  }
}

/** `undefined` before the server's first receiver report. */
function uplinkOf(stats: readonly Stat[]): UplinkStats | undefined {
  for (const { stats: stat } of stats) {
    if (stat?.case !== 'remoteInboundRtp') continue;
    const { roundTripTime } = stat.value?.remoteInbound ?? {};
    if (roundTripTime === undefined || roundTripTime <= 0) continue;
    const jitterMs = (stat.value?.received?.jitter ?? 0) * 1000;
    return { roundTripMs: roundTripTime * 1000, jitterMs };
  }
  return undefined;
}
