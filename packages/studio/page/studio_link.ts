import {
  encodeControl,
  type PageMessage,
  parseServerMessage,
  type ServerMessage,
} from '../src/protocol/control_messages.ts';

/** How long until the next try after the connection was lost. */
const RETRY_MS = 700;

/** How far the clock estimate may sink per message, so that it follows drift: ms. 25 messages a second come in. */
const CLOCK_DECAY_MS = 0.02;

/** The control socket: connects again by itself, and knows the agent's clock. */
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

  /** The agent's clock as of now, late by the way of one message. */
  nowMs(): number {
    return performance.now() + (this.#offsetMs ?? 0);
  }

  /** Lost without a word while there is no connection: a click on a studio that is gone means nothing. */
  send(message: PageMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encodeControl(message));
  }

  #connect(): void {
    const socket = new WebSocket(`ws://${location.host}/studio`);
    this.#socket = socket;
    socket.onopen = () => {
      // The server may be another process, with a clock of its own.
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

  /** The message that came fastest tells best. */
  #followClock(nowMs: number): void {
    const offsetMs = nowMs - performance.now();
    const before = this.#offsetMs ?? Number.NEGATIVE_INFINITY;
    this.#offsetMs = Math.max(offsetMs, before - CLOCK_DECAY_MS);
  }
}
