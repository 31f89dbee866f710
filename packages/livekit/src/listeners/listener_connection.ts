import type { Clock } from '@oncue/core';
import { type AgentMessage, type GateVerdict, ListenerGate } from '@oncue/core/wire';

/**
 * Pings right after a listener came, for a clock map within the first quarter of a second: among six round trips one is
 * short even on a busy link.
 */
const BURST_PINGS = 6;
const BURST_INTERVAL_MS = 40;

/** What an ear needs of the link. */
export interface EarPort {
  readonly sameClock: boolean;
  /** Keeps the clock map fresh, and tells the listener that the agent is there. */
  readonly pingIntervalMs: number;
  readonly clock: Clock;
  readonly send: (message: AgentMessage) => void;
}

/** One listener: what it may say, and its clock against the agent's. */
export class ListenerConnection {
  readonly #port: EarPort;
  readonly #gate: ListenerGate;
  #isHere = false;
  #pingCount = 0;
  #cancelPing: (() => void) | undefined;

  constructor(port: EarPort) {
    this.#port = port;
    this.#gate = new ListenerGate({ sameClock: port.sameClock });
  }

  /** It said `hello`, and neither `bye` nor was it lost since. */
  get isHere(): boolean {
    return this.#isHere;
  }

  take(raw: string): GateVerdict {
    const verdict = this.#gate.take(raw, this.#port.clock.nowMs());
    if (verdict.type === 'joined') this.#joined();
    if (verdict.type === 'left') this.leave();
    return verdict;
  }

  /** Stops the pings. A late `hello` of the same page brings it back. */
  leave(): void {
    this.#isHere = false;
    this.#cancelPing?.();
  }

  #joined(): void {
    this.#isHere = true;
    this.#pingCount = 0;
    if (!this.#port.sameClock) this.#ping();
  }

  #ping(): void {
    const { clock, send, pingIntervalMs } = this.#port;
    this.#cancelPing?.();
    send(this.#gate.ping(clock.nowMs()));
    this.#pingCount += 1;
    const waitMs = this.#pingCount < BURST_PINGS ? BURST_INTERVAL_MS : pingIntervalMs;
    this.#cancelPing = clock.schedule(waitMs, () => this.#ping());
  }
}
