import { SOCKET_CLOSED_REPLACED, SOCKET_CLOSED_SESSION_OVER } from '@oncue/core/wire';
import { FIRST_WAIT_MS, LONGEST_WAIT_MS } from './tuning.ts';

/** Why a socket is closed. After `lost` it tries again. */
export type SocketEnd = 'lost' | 'replaced' | 'session_over';

/** Events of a socket. */
export interface SocketEvents {
  readonly text: (text: string) => void;
  readonly bytes: (bytes: Uint8Array) => void;
  readonly ended: (why: SocketEnd) => void;
}

/** A WebSocket that reconnects after a loss, with growing waits, until `stop`. */
export class AgentSocket {
  readonly #url: string;
  readonly #events: SocketEvents;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;

  constructor(url: string | URL, events: SocketEvents) {
    const absolute = new URL(url, location.href);
    absolute.protocol = absolute.protocol.replace(/^http/, 'ws');
    this.#url = absolute.href;
    this.#events = events;
  }

  /** Opens the socket, unless it is open or opening. */
  connect(): void {
    if (this.#socket) return;
    this.#stopTimer();
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => {
      // The server is there, so the next loss begins with a short wait again.
      this.#attempts = 0;
      if (typeof data === 'string') this.#events.text(data);
      else this.#events.bytes(new Uint8Array(data as ArrayBuffer));
    };
    socket.onclose = ({ code }) => this.#ended(code);
  }

  /** Bytes that wait to be sent. */
  get waitingBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Sends the data if there is a connection; otherwise drops it. */
  send(data: string | Int16Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(data);
  }

  /** Replaces the connection by a new one. */
  restart(): void {
    if (!this.#socket) return;
    this.#drop();
    this.#ended(undefined);
  }

  /** Closes the socket. It does not reconnect until `connect`. */
  stop(): void {
    this.#stopTimer();
    this.#drop();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close(1000);
  }

  #ended(code: number | undefined): void {
    this.#socket = undefined;
    if (code === SOCKET_CLOSED_SESSION_OVER) this.#events.ended('session_over');
    else if (code === SOCKET_CLOSED_REPLACED) this.#events.ended('replaced');
    else {
      this.#retry();
      this.#events.ended('lost');
    }
  }

  #retry(): void {
    this.#stopTimer();
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    // Random, so that many pages do not reconnect to a restarted server at the same instant.
    this.#timer = setTimeout(() => this.connect(), waitMs * (0.8 + Math.random() * 0.4));
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
