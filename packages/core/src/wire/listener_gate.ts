import type { ReportDropReason } from '../events.ts';
import type { PlayheadReport } from '../step/inputs.ts';
import type { AgentMs, ListenerMs } from '../units.ts';
import { ClockMap, type MappedInstant } from './clock_map.ts';
import type {
  ListenerAudibility,
  ListenerEnvelope,
  ListenerMessage,
  Playhead,
  Pong,
} from './messages.ts';
import { parseListenerMessage } from './parse.ts';
import { type ListenerLimits, listenerLimits } from './rate_limit.ts';
import { ReplayWindow } from './replay_window.ts';

/** How long a message may have been on its way, before the first round trip, ms. */
const UNKNOWN_WAY_MS = 150;

/** What one message of a listener amounts to. */
export type GateVerdict =
  | { readonly type: 'joined' }
  | { readonly type: 'left' }
  | { readonly type: 'playhead'; readonly report: PlayheadReport }
  | {
      readonly type: 'audibility';
      readonly audibility: ListenerAudibility['audibility'];
      readonly sinceMs: AgentMs;
      /** Of `sinceMs`, ms. */
      readonly errorBoundMs: number;
    }
  | { readonly type: 'clock' }
  /** A second `hello` of a listener that is present. It changes nothing [LW4]. */
  | { readonly type: 'known' }
  | { readonly type: 'dropped'; readonly reason: ReportDropReason };

/** Options of a `ListenerGate`. */
export interface GateOptions {
  /**
   * Messages that one listener may send per second, and at once after a silence. Default 100.
   */
  readonly maxMessagesPerSecond?: number;
  /** Whether the listener uses the agent's own clock. Its instants are then not converted. Default `false`. */
  readonly sameClock?: boolean;
}

/** How far a message may lag behind the newest one, in sequence numbers. */
const REPLAY_WINDOW_SIZE = 256;

/** Unanswered pings that are remembered. */
const PINGS_KEPT = 256;

/** Past epochs that are remembered, so that a late `hello` from a page that is gone is refused. */
const EPOCHS_KEPT = 16;

/**
 * Checks each message of one listener for form, size, rate, repetition and range, and converts its instants to the agent's
 * clock [LW1]. The listener may reload any number of times.
 */
export class ListenerGate {
  readonly clockMap: ClockMap = new ClockMap();
  readonly #limits: ListenerLimits;
  readonly #sameClock: boolean;
  readonly #pings = new Map<number, AgentMs>();
  #epoch: string | undefined;
  #pastEpochs: readonly string[] = [];
  #replayWindow = new ReplayWindow(REPLAY_WINDOW_SIZE);
  /** `over`: it said `bye`. A later `hello` of the same epoch is refused. */
  #presence: 'absent' | 'here' | 'over' = 'absent';
  #nextPingId = 1;

  constructor(options: GateOptions = {}) {
    this.#limits = listenerLimits(options.maxMessagesPerSecond);
    this.#sameClock = options.sameClock ?? false;
  }

  /** Makes a ping to send now. Its answer adds a round trip to the clock map. */
  ping(nowMs: AgentMs): { readonly type: 'ping'; readonly pingId: number } {
    const pingId = this.#nextPingId;
    this.#nextPingId += 1;
    this.#pings.set(pingId, nowMs);
    // Unanswered pings must not pile up. The oldest is the least likely to be answered.
    if (this.#pings.size > PINGS_KEPT) this.#pings.delete(this.#pings.keys().next().value ?? 0);
    return { type: 'ping', pingId };
  }

  /** The listener is gone without a `bye`. If it comes back, its `hello` counts again. */
  gone(): void {
    if (this.#presence === 'here') this.#presence = 'absent';
  }

  /**
   * Checks one message. Never throws. A message over the rate limit is not even parsed.
   *
   * @param raw - JSON text, or an object already decoded.
   */
  take(raw: unknown, nowMs: AgentMs): GateVerdict {
    if (!this.#limits.messages.allows(nowMs)) return { type: 'dropped', reason: 'too_many' };
    const parsed = parseListenerMessage(raw);
    if (!parsed.ok) return { type: 'dropped', reason: parsed.reason };
    const { message } = parsed;
    if (message.epoch !== this.#epoch) {
      // Only a `hello` opens an epoch. Otherwise a late message of a page that is gone would end the new page's epoch.
      if (message.type !== 'hello' || this.#pastEpochs.includes(message.epoch)) {
        return { type: 'dropped', reason: 'wrong_listener' };
      }
      if (!this.#limits.joins.allows(nowMs)) return { type: 'dropped', reason: 'too_many' };
      this.#openEpoch(message.epoch);
      this.#replayWindow.accept(message.seq);
      this.#presence = 'here';
      return { type: 'joined' };
    }
    if (!this.#replayWindow.accept(message.seq)) return { type: 'dropped', reason: 'duplicate' };
    return this.#judge(message, nowMs);
  }

  #judge(message: ListenerMessage & ListenerEnvelope, nowMs: AgentMs): GateVerdict {
    switch (message.type) {
      case 'hello':
        return this.#helloAgain(nowMs);
      case 'bye':
        this.#presence = 'over';
        return { type: 'left' };
      case 'pong':
        this.#takePong(message, nowMs);
        return { type: 'clock' };
      case 'audibility': {
        const { audibility, sinceMs } = message;
        // Before the first round trip: since now.
        const now = { atMs: nowMs, errorBoundMs: UNKNOWN_WAY_MS };
        const { atMs, errorBoundMs } = this.#toAgent(sinceMs) ?? now;
        return { type: 'audibility', audibility, sinceMs: atMs, errorBoundMs };
      }
      case 'playhead':
        return this.#takePlayhead(message);
    }
  }

  #helloAgain(nowMs: AgentMs): GateVerdict {
    if (this.#presence === 'here') return { type: 'known' };
    if (this.#presence === 'over') return { type: 'dropped', reason: 'wrong_listener' };
    if (!this.#limits.joins.allows(nowMs)) return { type: 'dropped', reason: 'too_many' };
    this.#presence = 'here';
    return { type: 'joined' };
  }

  #takePong(message: Pong, nowMs: AgentMs): void {
    const pingSentAtMs = this.#pings.get(message.pingId);
    if (pingSentAtMs === undefined) return;
    this.#pings.delete(message.pingId);
    this.clockMap.addRoundTrip({
      pingSentAtMs,
      pingReceivedAtMs: message.receivedAtMs,
      pongSentAtMs: message.sentAtMs,
      pongReceivedAtMs: nowMs,
    });
  }

  #takePlayhead(message: Playhead): GateVerdict {
    const { responseId, heardSamples, phase, evidence } = message;
    const start = this.#toAgent(message.startedAtMs);
    const position = this.#toAgent(message.positionAtMs);
    // Before a round trip the instants cannot be converted. Later reports state the same again.
    if (!start || !position) return { type: 'dropped', reason: 'out_of_range' };
    // A report has one bound, which must hold for both of its instants.
    const mapBoundMs = Math.max(start.errorBoundMs, position.errorBoundMs);
    const errorBoundMs = message.errorBoundMs + mapBoundMs;
    return {
      type: 'playhead',
      report: {
        responseId,
        startedAtMs: start.atMs,
        heardSamples,
        positionAtMs: position.atMs,
        phase,
        evidence,
        errorBoundMs,
      },
    };
  }

  #toAgent(atMs: ListenerMs): MappedInstant | undefined {
    if (this.#sameClock) return { atMs: atMs as number as AgentMs, errorBoundMs: 0 };
    return this.clockMap.toAgent(atMs);
  }

  #openEpoch(epoch: string): void {
    if (this.#epoch !== undefined) {
      this.#pastEpochs = [...this.#pastEpochs, this.#epoch].slice(-EPOCHS_KEPT);
    }
    this.#epoch = epoch;
    this.#replayWindow = new ReplayWindow(REPLAY_WINDOW_SIZE);
    this.#pings.clear();
    this.clockMap.reset();
  }
}
