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
import { RateLimit } from './rate_limit.ts';
import { ReplayWindow } from './replay_window.ts';

/** What one message of a listener amounts to. */
export type GateVerdict =
  | { readonly type: 'joined' }
  | { readonly type: 'left' }
  | { readonly type: 'playhead'; readonly report: PlayheadReport }
  | {
      readonly type: 'audibility';
      readonly audibility: ListenerAudibility['audibility'];
      readonly sinceMs: AgentMs;
    }
  | { readonly type: 'clock' }
  /** A second `hello` of a listener that is here: nothing is to be done [LW4]. */
  | { readonly type: 'known' }
  | { readonly type: 'dropped'; readonly reason: ReportDropReason };

/** How a gate judges. */
export interface GateOptions {
  /**
   * Messages a second that one listener may send, with a burst of as many. Default 100: a reporter sends some 20 a
   * second, and a reload a few more.
   */
  readonly maxMessagesPerSecond?: number;
  /** The listener runs on the agent's own clock, so nothing is to be mapped. Default `false`. */
  readonly sameClock?: boolean;
}

/** How late a message of a listener may come, in sequence numbers. */
const REPLAY_WINDOW_SIZE = 256;

/** Pings that may wait for their answer. */
const PINGS_KEPT = 256;

/**
 * How often a listener may join: a page that is reloaded, or on a network that breaks, does so a few times in a row. Each
 * time it gets again what it has not heard.
 */
const JOINS_PER_SECOND = 1;
const JOINS_AT_ONCE = 10;

/** Epochs remembered, so that the late `hello` of a page that is gone does not bring it back. */
const EPOCHS_KEPT = 16;

/**
 * Lets through what a listener may say: checked for form, size, rate, repetition and range, and put on the agent's
 * clock [LW1]. Knows one listener, over any number of reloads.
 */
export class ListenerGate {
  readonly clockMap: ClockMap = new ClockMap();
  readonly #messages: RateLimit;
  readonly #joins = new RateLimit(JOINS_PER_SECOND, JOINS_AT_ONCE);
  readonly #sameClock: boolean;
  readonly #pings = new Map<number, AgentMs>();
  #epoch: string | undefined;
  #pastEpochs: readonly string[] = [];
  #replayWindow = new ReplayWindow(REPLAY_WINDOW_SIZE);
  /** `over`: it said `bye`, and a late `hello` does not bring it back. */
  #presence: 'absent' | 'here' | 'over' = 'absent';
  #nextPingId = 1;

  constructor(options: GateOptions = {}) {
    this.#messages = new RateLimit(options.maxMessagesPerSecond ?? 100);
    this.#sameClock = options.sameClock ?? false;
  }

  /** A ping to send now. Its answer adds a round trip to the clock map. */
  ping(nowMs: AgentMs): { readonly type: 'ping'; readonly pingId: number } {
    const pingId = this.#nextPingId;
    this.#nextPingId += 1;
    this.#pings.set(pingId, nowMs);
    // Unanswered pings must not pile up; the oldest is the one least likely to be answered.
    if (this.#pings.size > PINGS_KEPT) this.#pings.delete(this.#pings.keys().next().value ?? 0);
    return { type: 'ping', pingId };
  }

  /** The listener is gone without a `bye`. If the same comes back, its `hello` counts again. */
  gone(): void {
    if (this.#presence === 'here') this.#presence = 'absent';
  }

  /**
   * Judges one message. `raw` is JSON text or an object already decoded. Never throws. A message that is one too many is
   * not even parsed.
   */
  take(raw: unknown, nowMs: AgentMs): GateVerdict {
    if (!this.#messages.allows(nowMs)) return { type: 'dropped', reason: 'too_many' };
    const parsed = parseListenerMessage(raw);
    if (!parsed.ok) return { type: 'dropped', reason: parsed.reason };
    const { message } = parsed;
    if (message.epoch !== this.#epoch) {
      // Only a `hello` opens an epoch, else a late message of a page that is gone would end the new one.
      if (message.type !== 'hello' || this.#pastEpochs.includes(message.epoch)) {
        return { type: 'dropped', reason: 'wrong_listener' };
      }
      // What a listener gets when it joins costs much more than its `hello`.
      if (!this.#joins.allows(nowMs)) return { type: 'dropped', reason: 'too_many' };
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
        const atMs = this.#toAgent(sinceMs)?.atMs ?? nowMs;
        return { type: 'audibility', audibility, sinceMs: atMs };
      }
      case 'playhead':
        return this.#takePlayhead(message);
    }
  }

  #helloAgain(nowMs: AgentMs): GateVerdict {
    if (this.#presence === 'here') return { type: 'known' };
    if (this.#presence === 'over') return { type: 'dropped', reason: 'wrong_listener' };
    if (!this.#joins.allows(nowMs)) return { type: 'dropped', reason: 'too_many' };
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
    // Before any round trip the instants mean nothing here; the reports that follow tell the same again.
    if (!start || !position) return { type: 'dropped', reason: 'out_of_range' };
    // The one bound of a report holds for both of its instants.
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
