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

/** Studio sends about 25 messages a second. After so long without one it does not answer, though the socket is open. */
const SILENT_AFTER_MS = 3000;
const LOOK_MS = 500;

/** The control socket. It reconnects by itself and estimates the agent's clock. */
export class StudioLink {
  readonly #url: string;
  readonly #onMessage: (message: ServerMessage) => void;
  readonly #onState: (isOpen: boolean) => void;
  #socket: WebSocket | undefined;
  #offsetMs: number | undefined;
  #isOpen = false;
  /** By `performance.now()`. */
  #lastMessageAtMs = performance.now();

  constructor(
    url: string,
    onMessage: (message: ServerMessage) => void,
    onState: (isOpen: boolean) => void,
  ) {
    this.#url = url;
    this.#onMessage = onMessage;
    this.#onState = onState;
    this.#connect();
    setInterval(() => {
      if (performance.now() - this.#lastMessageAtMs > SILENT_AFTER_MS) this.#setOpen(false);
    }, LOOK_MS);
  }

  /** The agent's clock now, in ms; late by the delay of one message. It stands still while Studio does not answer. */
  nowMs(): number {
    const knownUntilMs = this.#lastMessageAtMs + SILENT_AFTER_MS;
    return Math.min(performance.now(), knownUntilMs) + (this.#offsetMs ?? 0);
  }

  /** Sends a message; drops it while there is no connection. */
  send(message: PageMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encodeControl(message));
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => {
      // The server may be a new process with another clock.
      this.#offsetMs = undefined;
      this.#lastMessageAtMs = performance.now();
      this.#setOpen(true);
    };
    socket.onclose = () => {
      this.#setOpen(false);
      setTimeout(() => this.#connect(), RETRY_MS);
    };
    socket.onmessage = ({ data }) => {
      const message = typeof data === 'string' ? parseServerMessage(data) : undefined;
      if (!message) return;
      this.#lastMessageAtMs = performance.now();
      this.#setOpen(true);
      this.#followClock(message.nowMs);
      this.#onMessage(message);
    };
  }

  #setOpen(isOpen: boolean): void {
    if (isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    this.#onState(isOpen);
  }

  /** The fastest message gives the best estimate. */
  #followClock(nowMs: number): void {
    const offsetMs = nowMs - performance.now();
    const before = this.#offsetMs ?? Number.NEGATIVE_INFINITY;
    this.#offsetMs = Math.max(offsetMs, before - CLOCK_DECAY_MS);
  }
}
