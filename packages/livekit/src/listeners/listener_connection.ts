import type { Clock } from '@oncue/core';
import { type AgentMessage, type GateVerdict, ListenerGate } from '@oncue/core/wire';

/**
 * Pings right after a listener joined, so that its clock is mapped within a quarter of a second: of six round trips at least
 * one is short, even on a busy network.
 */
const BURST_PINGS = 6;
const BURST_INTERVAL_MS = 40;

/** What a connection works with. */
export interface ListenerConnectionPort {
  readonly sameClock: boolean;
  /** Keeps the clock map fresh, and shows the listener that the agent is there. */
  readonly pingIntervalMs: number;
  readonly clock: Clock;
  readonly send: (message: AgentMessage) => void;
}

/** One listener: checks its messages, and maps its clock to the agent's. */
export class ListenerConnection {
  readonly #port: ListenerConnectionPort;
  readonly #gate: ListenerGate;
  #isHere = false;
  #pingCount = 0;
  #cancelPing: (() => void) | undefined;

  constructor(port: ListenerConnectionPort) {
    this.#port = port;
    this.#gate = new ListenerGate({ sameClock: port.sameClock });
  }

  /** It said `hello`, and since then neither said `bye` nor was lost. */
  get isHere(): boolean {
    return this.#isHere;
  }

  take(raw: string): GateVerdict {
    const verdict = this.#gate.take(raw, this.#port.clock.nowMs());
    if (verdict.type === 'joined') this.#joined();
    if (verdict.type === 'left') this.leave();
    return verdict;
  }

  /** Stops the pings. A later `hello` of the same page starts them again. */
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
