import { ScriptedListener } from '@oncue/core/testing';
import { parseAudioFrame } from '@oncue/core/wire';
import WebSocket from 'ws';
import { NodeClock } from '../../src/node_clock.ts';

const RECONNECT_AFTER_MS = 100;

let pageCount = 0;

/** A page that plays in real time and reports. It connects again whenever its connection breaks, with an empty buffer. */
export class TalkingPage {
  readonly listener: ScriptedListener;
  readonly #url: string;
  #socket: WebSocket;
  #isClosed = false;
  #clockOffsetMs = 0;

  constructor(port: number, session = 0) {
    this.#url = `ws://127.0.0.1:${port}/${session}`;
    pageCount += 1;
    const clockOffset = (): number => this.#clockOffsetMs;
    this.listener = new ScriptedListener({
      clock: new NodeClock(),
      name: `page-${pageCount}`,
      // Asked for each instant that the page states.
      get clockOffsetMs() {
        return clockOffset();
      },
      send: (text) => {
        if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
      },
    });
    this.#socket = this.#connect();
  }

  /** Its connection and its buffer are gone, and it connects again. */
  reload(): void {
    this.#socket.terminate();
  }

  jumpClock(byMs: number): void {
    this.#clockOffsetMs += byMs;
  }

  close(): void {
    this.#isClosed = true;
    this.listener.vanish();
    this.#socket.terminate();
  }

  #connect(): WebSocket {
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    socket.on('open', () => this.listener.join());
    socket.on('message', (data: ArrayBuffer | Buffer, isBinary: boolean) => {
      if (!isBinary) this.listener.receive(Buffer.from(data as ArrayBuffer).toString());
      else {
        const frame = parseAudioFrame(new Uint8Array(data as ArrayBuffer));
        if (frame) this.listener.audio(frame.samples.length);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#isClosed) return;
      this.listener.vanish();
      setTimeout(() => {
        if (!this.#isClosed) this.#socket = this.#connect();
      }, RECONNECT_AFTER_MS);
    });
    return socket;
  }
}
