import type { AgentMs, Audibility, Clock } from '@oncue/core';
import { type AgentMessage, type GateVerdict, ListenerGate } from '@oncue/core/wire';

/**
 * Pings right after a listener joined, so that its clock is mapped within a quarter of a second: of six round trips at least
 * one is short, even on a busy network.
 */
const BURST_PINGS = 6;
const BURST_INTERVAL_MS = 40;

/** A listener that lets pings go unanswered for so long, and says nothing else, is silent. On a bad network one in ten is lost. */
const SILENT_AFTER_MS = 3000;

/** A listener that leaves so many pings in a row unanswered, and says nothing else, is overdue. */
const OVERDUE_PINGS = 2.25;

/** What a connection works with. */
export interface ListenerConnectionPort {
  readonly sameClock: boolean;
  /** Keeps the clock map fresh, and shows the listener that the agent is there. */
  readonly pingIntervalMs: number;
  readonly clock: Clock;
  readonly send: (message: AgentMessage) => void;
  /** It is overdue, or answers again [AU12]. */
  readonly answersChanged: () => void;
  /** What it can hear changed: its `audibility`, since an instant. */
  readonly audibilityChanged: (sinceMs: AgentMs) => void;
}

/** One listener: checks its messages, and maps its clock to the agent's. */
export class ListenerConnection {
  readonly #port: ListenerConnectionPort;
  readonly #gate: ListenerGate;
  #isHere = false;
  #pingCount = 0;
  #isMuted = false;
  #isSilent = false;
  #answers = true;
  #latestAtMs: AgentMs;
  #cancelPing: (() => void) | undefined;
  #cancelWatch: (() => void) | undefined;

  constructor(port: ListenerConnectionPort) {
    this.#port = port;
    this.#gate = new ListenerGate({ sameClock: port.sameClock });
    this.#latestAtMs = port.clock.nowMs();
  }

  /** Whether it can hear, as far as it says and answers [AU1]. */
  get audibility(): Audibility {
    if (!this.#isHere) return 'nobody';
    if (this.#isSilent) return 'silent';
    return this.#isMuted ? 'muted' : 'listening';
  }

  /** It said `hello`, and since then neither said `bye` nor was lost. */
  get isHere(): boolean {
    return this.#isHere;
  }

  /** Whether it answers pings. */
  get answers(): boolean {
    return this.#answers;
  }

  /** Judges a message. Nothing acts on it yet. */
  judge(raw: string): GateVerdict {
    return this.#gate.take(raw, this.#port.clock.nowMs());
  }

  /** Acts on a message that was judged. */
  follow(verdict: GateVerdict): void {
    if (verdict.type === 'dropped') return;
    this.#latestAtMs = this.#port.clock.nowMs();
    if (verdict.type === 'joined') this.#joined();
    else if (verdict.type === 'left') this.leave();
    else this.#answered();
    if (verdict.type === 'audibility') {
      this.#isMuted = verdict.audibility === 'muted';
      this.#port.audibilityChanged(verdict.sinceMs);
    }
  }

  /** It was lost without a `bye`. A later `hello` of the same page counts. */
  gone(): void {
    this.#gate.gone();
    this.leave();
  }

  /** Stops the pings. */
  leave(): void {
    this.#isHere = false;
    this.#cancelPing?.();
    this.#cancelWatch?.();
  }

  #joined(): void {
    this.#isHere = true;
    this.#isMuted = false;
    this.#isSilent = false;
    this.#answers = true;
    this.#pingCount = 0;
    if (this.#port.sameClock) return;
    this.#ping();
    this.#watch();
  }

  #answered(): void {
    if (this.#answers) return;
    this.#answers = true;
    const wasSilent = this.#isSilent;
    this.#isSilent = false;
    this.#watch();
    this.#port.answersChanged();
    if (wasSilent) this.#port.audibilityChanged(this.#latestAtMs);
  }

  #ping(): void {
    const { clock, send, pingIntervalMs } = this.#port;
    this.#cancelPing?.();
    send(this.#gate.ping(clock.nowMs()));
    this.#pingCount += 1;
    const waitMs = this.#pingCount < BURST_PINGS ? BURST_INTERVAL_MS : pingIntervalMs;
    this.#cancelPing = clock.schedule(waitMs, () => this.#ping());
  }

  /** Notices first that it is overdue, then that it is silent. */
  #watch(): void {
    const { clock, pingIntervalMs, answersChanged, audibilityChanged } = this.#port;
    this.#cancelWatch?.();
    const quietMs = clock.nowMs() - this.#latestAtMs;
    const overdueMs = Math.min(SILENT_AFTER_MS, pingIntervalMs * OVERDUE_PINGS);
    if (this.#answers && quietMs >= overdueMs) {
      this.#answers = false;
      answersChanged();
    }
    if (quietMs < SILENT_AFTER_MS) {
      const nextMs = (this.#answers ? overdueMs : SILENT_AFTER_MS) - quietMs;
      this.#cancelWatch = clock.schedule(nextMs, () => this.#watch());
      return;
    }
    this.#isSilent = true;
    // Nothing is known since it was heard of last.
    audibilityChanged(this.#latestAtMs);
  }
}
