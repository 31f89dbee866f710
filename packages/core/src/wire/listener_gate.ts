import type { ReportDropReason } from '../events.ts';
import type { PlayheadReport } from '../step/inputs.ts';
import type { AgentMs, ListenerMs } from '../units.ts';
import { ClockMap, type MappedInstant } from './clock_map.ts';
import type { ListenerEnvelope, ListenerMessage, Playhead, Pong } from './messages.ts';
import { parseListenerMessage } from './parse.ts';
import { ReplayWindow } from './replay_window.ts';

/** What one message of a listener amounts to. */
export type GateVerdict =
  | { readonly type: 'joined' }
  | { readonly type: 'left' }
  | { readonly type: 'playhead'; readonly report: PlayheadReport }
  | { readonly type: 'clock' }
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

/** Epochs remembered, so that the late `hello` of a page that is gone does not bring it back. */
const EPOCHS_KEPT = 16;

/**
 * Lets through what a listener may say: checked for form, size, rate, repetition and range, and put on the agent's
 * clock [LW1]. Knows one listener, over any number of reloads.
 */
export class ListenerGate {
  readonly clockMap: ClockMap = new ClockMap();
  readonly #maxPerSecond: number;
  readonly #sameClock: boolean;
  readonly #pings = new Map<number, AgentMs>();
  #epoch: string | undefined;
  #pastEpochs: readonly string[] = [];
  #replayWindow = new ReplayWindow(REPLAY_WINDOW_SIZE);
  #tokens: number;
  #tokensAtMs: AgentMs | undefined;
  #nextPingId = 1;

  constructor(options: GateOptions = {}) {
    this.#maxPerSecond = options.maxMessagesPerSecond ?? 100;
    this.#sameClock = options.sameClock ?? false;
    this.#tokens = this.#maxPerSecond;
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

  /** Judges one message. `raw` is JSON text or an object already decoded. Never throws. */
  take(raw: unknown, nowMs: AgentMs): GateVerdict {
    if (!this.#withinRate(nowMs)) return { type: 'dropped', reason: 'too_many' };
    const parsed = parseListenerMessage(raw);
    if (!parsed.ok) return { type: 'dropped', reason: parsed.reason };
    const { message } = parsed;
    if (message.epoch !== this.#epoch) {
      // Only a `hello` opens an epoch, else a late message of a page that is gone would end the new one.
      if (message.type !== 'hello' || this.#pastEpochs.includes(message.epoch)) {
        return { type: 'dropped', reason: 'wrong_listener' };
      }
      this.#openEpoch(message.epoch);
    }
    if (!this.#replayWindow.accept(message.seq)) return { type: 'dropped', reason: 'duplicate' };
    return this.#judge(message, nowMs);
  }

  #judge(message: ListenerMessage & ListenerEnvelope, nowMs: AgentMs): GateVerdict {
    switch (message.type) {
      case 'hello':
        return { type: 'joined' };
      case 'bye':
        return { type: 'left' };
      case 'pong':
        this.#takePong(message, nowMs);
        return { type: 'clock' };
      case 'playhead':
        return this.#takePlayhead(message);
    }
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
    const errorBoundMs = message.errorBoundMs + start.errorBoundMs;
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

  #withinRate(nowMs: AgentMs): boolean {
    const sinceMs = nowMs - (this.#tokensAtMs ?? nowMs);
    this.#tokensAtMs = nowMs;
    this.#tokens = Math.min(
      this.#maxPerSecond,
      this.#tokens + (sinceMs * this.#maxPerSecond) / 1000,
    );
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
