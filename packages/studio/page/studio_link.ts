import {
  encodeControl,
  type PageMessage,
  parseServerMessage,
  type ServerMessage,
} from '../src/protocol/control_messages.ts';

/** How long after a lost connection the page reconnects. */
const RETRY_MS = 700;

/** The most the clock estimate decreases per message, in ms, so that it follows drift. About 25 messages arrive per second. */
const CLOCK_DECAY_MS = 0.02;

/** The control socket. It reconnects by itself and estimates the agent's clock. */
export class StudioLink {
  readonly #onMessage: (message: ServerMessage) => void;
  readonly #onState: (isOpen: boolean) => void;
  #socket: WebSocket | undefined;
  #offsetMs: number | undefined;

  constructor(onMessage: (message: ServerMessage) => void, onState: (isOpen: boolean) => void) {
    this.#onMessage = onMessage;
    this.#onState = onState;
    this.#connect();
  }

  /** The agent's clock now, in ms; late by the delay of one message. */
  nowMs(): number {
    return performance.now() + (this.#offsetMs ?? 0);
  }

  /** Sends a message; drops it while there is no connection. */
  send(message: PageMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encodeControl(message));
  }

  #connect(): void {
    const socket = new WebSocket(`ws://${location.host}/studio`);
    this.#socket = socket;
    socket.onopen = () => {
      // The server may be a new process with another clock.
      this.#offsetMs = undefined;
      this.#onState(true);
    };
    socket.onclose = () => {
      this.#onState(false);
      setTimeout(() => this.#connect(), RETRY_MS);
    };
    socket.onmessage = ({ data }) => {
      const message = typeof data === 'string' ? parseServerMessage(data) : undefined;
      if (!message) return;
      this.#followClock(message.nowMs);
      this.#onMessage(message);
    };
  }

  /** The fastest message gives the best estimate. */
  #followClock(nowMs: number): void {
    const offsetMs = nowMs - performance.now();
    const before = this.#offsetMs ?? Number.NEGATIVE_INFINITY;
    this.#offsetMs = Math.max(offsetMs, before - CLOCK_DECAY_MS);
  }
}
