import { type Clock, msToSamples, OncueError, type ResponseId } from '@oncue/core';
import {
  type AgentMessage,
  encodeAgentMessage,
  encodeAudioFrame,
  type ListenerMessage,
  parseListenerMessage,
} from '@oncue/core/wire';
import { NodeClock } from '../node_clock.ts';
import type { ListenerDevice, ListenerEvents } from './listener_device.ts';
import { type KeptResponse, ReplayBuffer } from './replay_buffer.ts';

/** What a `SocketListener` needs of a WebSocket. That of the `ws` package is one. */
export interface ListenerSocket {
  /** Bytes handed to `send` that have not left yet. */
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close' | 'error', listener: () => void): void;
}

/** How a socket listener plays. */
export interface SocketListenerOptions {
  /** 8,000 to 96,000, what every browser can play. Default 24,000. */
  readonly sampleRateHz?: number;
  /** Default: the clock of this process. */
  readonly clock?: Clock;
  /** How long playout stands still for a page that is not there, ms ≥ 0 [LW3]. Default 5000. */
  readonly awayAfterMs?: number;
  /** A page began or ceased to listen. */
  readonly onPresence?: (isListening: boolean) => void;
}

/** The session is over: the page does not come back. */
const SOCKET_CLOSED_SESSION_OVER = 4000;
/** Another page listens now: this one comes back only if its user wants it. */
const SOCKET_CLOSED_REPLACED = 4001;
/** The page did not answer, or too many were open: it may come back. */
const SOCKET_CLOSED_UNRESPONSIVE = 4002;

/**
 * How far ahead of the reported playhead audio is sent. Rides out a network that stalls for seconds; the page has room
 * for 12 s, and what a `clear` throws away was sent for nothing.
 */
export const MAX_AHEAD_MS = 5000;

/** More than this waiting in the socket means that the way is slower than speech; it would delay a `clear`. */
const MAX_WAITING_BYTES = 262_144;

/** Until the socket is looked at again, since it does not tell when it has drained. */
const DRAIN_CHECK_MS = 20;

/** Of one binary message. A frame that is long would hold up a `clear` behind it. */
const FRAME_MS = 100;

/**
 * Reports mean nothing to the agent before the first round trip, so audio waits for it. A listener that is never pinged
 * gets audio all the same.
 */
const FIRST_PONG_WAIT_MS = 1000;

/** After a ping that nothing answers, with one sent a second: the page sleeps, and its words would wait with it. */
const SILENT_MS = 5000;

/** Pages that are open but do not listen. The oldest beyond it is sent away. */
const MAX_WAITING_PAGES = 8;

/** The visit of one page: from `hello` on it is the one that listens. */
interface Connection {
  readonly socket: ListenerSocket;
  nextSeq: number;
}

/**
 * A listener on a WebSocket: a page with the player of `@oncue/browser`.
 *
 * One instance a session; sockets come and go. The page that said `hello` last listens, so a second tab takes over when
 * its user starts it, and not by merely being open. What a page has not reported as heard is kept: after a reload, or in
 * the other tab, a response goes on from there, and no word is lost or counted as heard that was not.
 */
export class SocketListener implements ListenerDevice {
  readonly sampleRateHz: number;
  readonly sameClock = false;
  readonly awayAfterMs: number;
  readonly #clock: Clock;
  readonly #onPresence: ((isListening: boolean) => void) | undefined;
  readonly #kept: ReplayBuffer;
  readonly #waiting = new Set<Connection>();
  #current: Connection | undefined;
  /** `joining`: `hello` came, the first round trip has not. */
  #phase: 'nobody' | 'joining' | 'playing' = 'nobody';
  #session: ListenerEvents | undefined;
  #paused = false;
  #closed = false;
  #cancelPump: (() => void) | undefined;
  #cancelJoin: (() => void) | undefined;
  #cancelSilence: (() => void) | undefined;

  /** @throws OncueError `ONCUE_BAD_OPTION` for an option out of its range. */
  constructor(options: SocketListenerOptions = {}) {
    const { sampleRateHz = 24_000, awayAfterMs = 5000 } = options;
    if (!(sampleRateHz >= 8000 && sampleRateHz <= 96_000 && awayAfterMs >= 0)) {
      throw new OncueError(
        'ONCUE_BAD_OPTION',
        `sampleRateHz is ${sampleRateHz}, awayAfterMs ${awayAfterMs}; they must lie in 8000 to 96000 and be at least 0`,
      );
    }
    this.sampleRateHz = sampleRateHz;
    this.awayAfterMs = awayAfterMs;
    this.#clock = options.clock ?? new NodeClock();
    this.#onPresence = options.onPresence;
    this.#kept = new ReplayBuffer(sampleRateHz);
  }

  /** Whether a page listens now. */
  get isListening(): boolean {
    return this.#phase !== 'nobody';
  }

  /** A page connected. It gets `welcome`, and listens from its `hello` on; the page that listened until then is sent away. */
  attachSocket(socket: ListenerSocket): void {
    if (this.#closed) {
      socket.close(SOCKET_CLOSED_SESSION_OVER, 'the session is over');
      return;
    }
    const connection: Connection = { socket, nextSeq: 0 };
    socket.addEventListener('message', ({ data }) => this.#take(connection, data));
    socket.addEventListener('close', () => this.#disconnected(connection));
    // The close that follows tells the same.
    socket.addEventListener('error', () => {});
    this.#waiting.add(connection);
    const [oldest] = this.#waiting;
    if (oldest && this.#waiting.size > MAX_WAITING_PAGES) {
      this.#waiting.delete(oldest);
      oldest.socket.close(SOCKET_CLOSED_UNRESPONSIVE, 'too many pages are open');
    }
    socket.send(encodeAgentMessage({ type: 'welcome', sampleRateHz: this.sampleRateHz }));
  }

  open(session: ListenerEvents): void {
    this.#session = session;
  }

  send(message: AgentMessage): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'announce':
        this.#kept.announce(message.responseId, message.segmentId);
        break;
      case 'end':
        this.#kept.end(message.responseId);
        this.#pump();
        break;
      case 'clear':
        this.#kept.clear();
        this.#paused = false;
        this.#tell(message);
        break;
      case 'pause':
      case 'resume':
        this.#paused = message.type === 'pause';
        this.#tell(message);
        break;
      case 'ping':
        if (!this.isListening) break;
        this.#tell(message);
        this.#watchSilence();
        break;
      case 'welcome':
        break;
    }
  }

  write(responseId: ResponseId, samples: Int16Array): undefined {
    if (this.#closed || samples.length === 0) return;
    this.#kept.write(responseId, samples);
    this.#pump();
  }

  /** A page that listens plays a response to its end all the same; where nobody does, its audio is let go. */
  settled(responseId: ResponseId): void {
    if (this.isListening) this.#kept.settle(responseId);
    else this.#kept.drop(responseId);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const connections = [...this.#waiting, ...(this.#current ? [this.#current] : [])];
    this.#leave();
    this.#current = undefined;
    this.#waiting.clear();
    this.#kept.clear();
    for (const { socket } of connections)
      socket.close(SOCKET_CLOSED_SESSION_OVER, 'the session is over');
  }

  #take(connection: Connection, data: unknown): void {
    if (this.#closed || typeof data !== 'string') return;
    const parsed = parseListenerMessage(data);
    if (parsed.ok && parsed.message.type === 'hello') this.#welcome(connection);
    // Before its `hello` a page has nothing to say, and after another's it has not either.
    if (connection !== this.#current) return;
    if (parsed.ok) this.#follow(parsed.message);
    this.#session?.message(data);
    if (parsed.ok) this.#act(parsed.message);
  }

  /** What has to be known before the session hears of a message. */
  #follow(message: ListenerMessage): void {
    if (message.type === 'bye') this.#leave();
    this.#heardOfPage();
    if (message.type !== 'playhead') return;
    this.#kept.heard(message.responseId, message.heardSamples);
    if (message.phase !== 'playing') this.#kept.drop(message.responseId);
  }

  /** What the session's answer to a message must not come after. */
  #act(message: ListenerMessage): void {
    if (message.type === 'pong' && this.#phase === 'joining') this.#play();
    else if (message.type === 'playhead') this.#pump();
  }

  #welcome(connection: Connection): void {
    const before = this.#current;
    this.#waiting.delete(connection);
    this.#current = connection;
    if (before && before !== connection)
      before.socket.close(SOCKET_CLOSED_REPLACED, 'another page listens now');
    const wasListening = this.isListening;
    this.#phase = 'joining';
    this.#kept.rewind();
    this.#cancelJoin?.();
    this.#cancelJoin = this.#clock.schedule(FIRST_PONG_WAIT_MS, () => this.#play());
    this.#heardOfPage();
    if (!wasListening) this.#onPresence?.(true);
  }

  /** The clock is mapped: whatever the page reports from now on can be used. */
  #play(): void {
    this.#cancelJoin?.();
    this.#phase = 'playing';
    if (this.#paused) this.#tell({ type: 'pause' });
    this.#pump();
  }

  #disconnected(connection: Connection): void {
    this.#waiting.delete(connection);
    if (connection !== this.#current) return;
    this.#current = undefined;
    const wasListening = this.isListening;
    this.#leave();
    if (wasListening) this.#session?.gone();
  }

  #leave(): void {
    this.#cancelJoin?.();
    this.#heardOfPage();
    this.#cancelPump?.();
    this.#cancelPump = undefined;
    this.#kept.dropSettled();
    if (!this.isListening) return;
    this.#phase = 'nobody';
    this.#onPresence?.(false);
  }

  #heardOfPage(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = undefined;
  }

  /** From the first ping that is not answered. */
  #watchSilence(): void {
    this.#cancelSilence ??= this.#clock.schedule(SILENT_MS, () => {
      const connection = this.#current;
      if (!connection) return;
      connection.socket.close(SOCKET_CLOSED_UNRESPONSIVE, 'the page did not answer');
      // Not when the socket has closed: over a line that is dead, that takes its time.
      this.#disconnected(connection);
    });
  }

  #tell(message: AgentMessage): void {
    this.#current?.socket.send(encodeAgentMessage(message));
  }

  /** Sends what may be sent now. */
  #pump(): void {
    const connection = this.#current;
    if (!connection || this.#phase !== 'playing') return;
    this.#cancelPump?.();
    this.#cancelPump = undefined;
    for (const response of this.#kept.responses) {
      if (!this.#sendOf(response, connection)) return;
    }
  }

  /** @returns Whether all of the response that was written is sent. */
  #sendOf(response: KeptResponse, connection: Connection): boolean {
    this.#announce(response);
    const { responseId } = response;
    const frameSamples = msToSamples(FRAME_MS, this.sampleRateHz);
    while (response.sentSamples < response.writtenSamples) {
      const room = msToSamples(MAX_AHEAD_MS, this.sampleRateHz) - this.#kept.aheadSamples;
      // The next report makes room.
      if (room <= 0) return false;
      if (connection.socket.bufferedAmount > MAX_WAITING_BYTES) {
        this.#cancelPump = this.#clock.schedule(DRAIN_CHECK_MS, () => this.#pump());
        return false;
      }
      const samples = this.#kept.next(response, Math.min(room, frameSamples));
      const firstSample = response.sentSamples;
      const seq = connection.nextSeq;
      connection.nextSeq += 1;
      connection.socket.send(encodeAudioFrame({ seq, responseId, firstSample, samples }));
      response.sentSamples += samples.length;
    }
    if (response.totalSamples !== undefined && !response.endSent) {
      response.endSent = true;
      this.#tell({ type: 'end', responseId, totalSamples: response.totalSamples });
    }
    return true;
  }

  #announce(response: KeptResponse): void {
    if (response.announced) return;
    response.announced = true;
    const { responseId, heardSamples, segmentId } = response;
    this.#tell({
      type: 'announce',
      responseId,
      sampleRateHz: this.sampleRateHz,
      ...(heardSamples === 0 ? {} : { heardBeforeSamples: heardSamples }),
      ...(segmentId === undefined ? {} : { segmentId }),
    });
  }
}
