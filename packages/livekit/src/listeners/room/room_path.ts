import type { Room } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';

/** How often the transport is asked while nobody reports. */
const INTERVAL_MS = 2000;

/**
 * What lies behind the server, and before it where nothing is known of it: its way to the listener, his jitter buffer and
 * his output. Measured by the bench `room`, from the queue to the ear.
 */
export const USUAL_DELAY_MS = 200;
export const USUAL_BOUND_MS = 180;

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

/** What the room's own statistics say of the way from the agent to the server. */
export interface UplinkStats {
  readonly roundTripMs: number;
  readonly jitterMs: number;
}

/**
 * The estimate for a listener without a reporter: the usual way from the server to an ear, and the measured one from the
 * agent to the server (RTCP receiver reports, RFC 3550 §6.4.1: `roundTripTime`, `jitter`).
 */
export class RoomPath {
  readonly #room: Pick<Room, 'getRtcStats'>;
  readonly #clock: Clock;
  readonly #tell: (delayMs: number, errorBoundMs: number) => void;
  #cancel: (() => void) | undefined;

  constructor(
    room: Pick<Room, 'getRtcStats'>,
    clock: Clock,
    tell: (delayMs: number, errorBoundMs: number) => void,
  ) {
    this.#room = room;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Asks now and again until `stop`. */
  start(): void {
    if (this.#cancel) return;
    this.#cancel = this.#clock.schedule(0, () => void this.#ask());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #ask(): Promise<void> {
    // A room that is not connected has none.
    const stats = await this.#room.getRtcStats().catch(() => undefined);
    if (!this.#cancel) return;
    const uplink = uplinkOf((stats?.publisherStats ?? []) as readonly Stat[]);
    if (uplink) {
      const halfTripMs = uplink.roundTripMs / 2;
      this.#tell(USUAL_DELAY_MS + halfTripMs, USUAL_BOUND_MS + halfTripMs + 2 * uplink.jitterMs);
    }
    this.#cancel = this.#clock.schedule(INTERVAL_MS, () => void this.#ask());
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
