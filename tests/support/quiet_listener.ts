import { encodeListenerMessage, type ListenerMessage } from '@oncue/core/wire';
import WebSocket from 'ws';

const RECONNECT_AFTER_MS = 50;

/**
 * A page that is there and says what it plays to nobody: it greets and answers pings. Without anybody who listens a
 * studio waits before it speaks [AU8]; with this listener its events rest on the estimate.
 */
export class QuietListener {
  readonly #url: string;
  #socket: WebSocket;
  #epochCount = 0;
  #seq = 0;
  #isClosed = false;

  /** @param studioUrl - as the studio prints it, `http://…/`. */
  constructor(studioUrl: string) {
    this.#url = `${studioUrl.replace('http', 'ws')}listen`;
    this.#socket = this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.terminate();
  }

  #connect(): WebSocket {
    const socket = new WebSocket(this.#url);
    this.#epochCount += 1;
    this.#seq = 0;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) this.#answer(JSON.parse(data.toString()));
    });
    socket.on('error', () => {});
    // A new run begins with new connections.
    socket.on('close', () => {
      if (this.#isClosed) return;
      setTimeout(() => {
        if (!this.#isClosed) this.#socket = this.#connect();
      }, RECONNECT_AFTER_MS);
    });
    return socket;
  }

  #answer(message: { readonly type: string; readonly pingId?: number }): void {
    if (message.type === 'welcome') this.#say({ type: 'hello', evidence: 'device' });
    if (message.type !== 'ping' || message.pingId === undefined) return;
    const atMs = performance.now() as never;
    this.#say({ type: 'pong', pingId: message.pingId, receivedAtMs: atMs, sentAtMs: atMs });
  }

  #say(message: ListenerMessage): void {
    this.#seq += 1;
    const epoch = `quiet-${process.pid}-${this.#epochCount}`;
    this.#socket.send(encodeListenerMessage(message, { epoch, seq: this.#seq }));
  }
}
