import { type Clock, msToSamples, OncueError, type ResponseId, samplesToMs } from '@oncue/core';
import { assertKnown } from '@oncue/core/internal';
import {
  type AgentMessage,
  encodeAgentMessage,
  parseListenerMessage,
  RateLimit,
  SOCKET_CLOSED_REPLACED,
  SOCKET_CLOSED_SESSION_OVER,
  SOCKET_CLOSED_UNRESPONSIVE,
} from '@oncue/core/wire';
import { NodeClock } from '../node_clock.ts';
import { warn } from '../warn.ts';
import {
  type AcceptedMessage,
  type ListenerDevice,
  type ListenerEvents,
  MOST_AHEAD_MS,
  type WhenNobodyListens,
} from './listener_device.ts';
import { checkedPolicy } from './nobody_policy.ts';
import { assertUnused } from './one_session.ts';
import { ReplayBuffer } from './replay_buffer.ts';
import { type Connection, SocketSender, sendMessage } from './socket_sender.ts';

/** What a `SocketListener` needs of a WebSocket. One of the `ws` package fits. */
export interface ListenerSocket {
  /** Bytes handed to `send` that have not left yet. */
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  /** Ends it at once and reads nothing more, as `ws` does. Without it, a flood is ended with `close`. */
  terminate?(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close' | 'error', listener: () => void): void;
}

/** How a socket listener plays. */
export interface SocketListenerOptions {
  /** 8,000 to 96,000 Hz, which every browser can play. Default 24,000. */
  readonly sampleRateHz?: number;
  /** Default: the clock of this process. */
  readonly clock?: Clock;
  /** How long playout stands still while no page listens, ms ≥ 0; `whenNobodyListens` says what then. Default 5000. */
  readonly awayAfterMs?: number;
  /** What happens while no page listens [AU8]. Default `'wait_for_first'`, or `'estimate'` if `awayAfterMs` is given. */
  readonly whenNobodyListens?: WhenNobodyListens;
  /** Called when a page begins to listen, and when none listens any more. */
  readonly onPresence?: (isListening: boolean) => void;
}

const OPTIONS: readonly (keyof SocketListenerOptions)[] = [
  'sampleRateHz',
  'clock',
  'awayAfterMs',
  'whenNobodyListens',
  'onPresence',
];

/**
 * Before the first round trip a page's reports cannot be used, so audio waits for it. A page whose pings are lost gets audio
 * after this time all the same.
 */
const FIRST_PONG_WAIT_MS = 1000;

/** A page that leaves a ping unanswered for this long is asleep; audio sent to it would wait. One ping is sent a second. */
const SILENT_MS = 5000;

/** So much audio that the session counts as played, by estimate, is kept for a page that is late. */
const MOST_UNPLAYED_MS = 60_000;

/** How many pages may be connected without listening. Beyond that the oldest is closed. */
const MAX_WAITING_PAGES = 8;

/** Messages a second that a page may send before it listens: more than one `hello` is none of a page's business. */
const MESSAGES_BEFORE_HELLO = 5;

/** Messages a second that no page sends: it reports 20 times a second. A page that was blocked sends its backlog at once. */
const FLOOD_PER_SECOND = 200;
const FLOOD_AT_ONCE = 1000;

interface PageConnection extends Connection<ListenerSocket> {
  /** Limits what it sends while it does not listen. */
  readonly messages: RateLimit;
  readonly flood: RateLimit;
  isOver: boolean;
}

/**
 * A listener on a WebSocket: a page with the player of `@oncue/browser`.
 *
 * One instance per session; sockets come and go. The page that said `hello` last listens, so a second tab takes over when its
 * user starts it, not when it is opened. What a page has not reported as heard is kept: after a reload, or in the other tab, a
 * response goes on from there. No word is lost, and no word counts as heard that was not.
 */
export class SocketListener implements ListenerDevice {
  readonly sampleRateHz: number;
  readonly sameClock = false;
  /** A page that does not answer has to be noticed before its reports are missed. */
  readonly pingsPerSecond = 5;
  readonly awayAfterMs: number;
  readonly whenNobodyListens: WhenNobodyListens;
  readonly #clock: Clock;
  readonly #onPresence: ((isListening: boolean) => void) | undefined;
  readonly #kept: ReplayBuffer;
  readonly #sender: SocketSender;
  /** Connected pages that do not listen, the oldest first. */
  readonly #waiting = new Set<PageConnection>();
  /** The page that said `hello` last. */
  #current: PageConnection | undefined;
  /** `joining`: it said `hello`, and the first round trip is not complete. */
  #phase: 'nobody' | 'joining' | 'playing' = 'nobody';
  #events: ListenerEvents | undefined;
  /** The page whose message the session judges now, and what it was found to be. */
  #speaking: PageConnection | undefined;
  #accepted: AcceptedMessage | undefined;
  #paused = false;
  #closed = false;
  #cancelJoin: (() => void) | undefined;
  #cancelSilence: (() => void) | undefined;

  /** @throws OncueError `ONCUE_BAD_OPTION` for an option out of its range. */
  constructor(options: SocketListenerOptions = {}) {
    assertKnown('SocketListener', options, OPTIONS);
    const { sampleRateHz = 24_000, awayAfterMs = 5000, clock = new NodeClock() } = options;
    if (!(sampleRateHz >= 8000 && sampleRateHz <= 96_000))
      throw new OncueError(
        'ONCUE_BAD_OPTION',
        `sampleRateHz is ${sampleRateHz}; give a rate from 8000 to 96000 Hz`,
      );
    if (!(awayAfterMs >= 0))
      throw new OncueError('ONCUE_BAD_OPTION', `awayAfterMs is ${awayAfterMs}; give it ms ≥ 0`);
    this.sampleRateHz = sampleRateHz;
    this.awayAfterMs = awayAfterMs;
    const usual = options.awayAfterMs === undefined ? 'wait_for_first' : 'estimate';
    this.whenNobodyListens = checkedPolicy(options.whenNobodyListens ?? usual);
    this.#clock = clock;
    this.#onPresence = options.onPresence;
    this.#kept = new ReplayBuffer();
    this.#sender = new SocketSender(this.#kept, sampleRateHz, clock);
  }

  /** Whether a page listens now. */
  get isListening(): boolean {
    return this.#phase !== 'nobody';
  }

  /**
   * Takes the socket of a page that connected. The page gets `welcome`. It listens from its `hello` on, and then the page that
   * listened before is closed.
   */
  attachSocket(socket: ListenerSocket): void {
    if (this.#closed) {
      socket.close(SOCKET_CLOSED_SESSION_OVER, 'the session is over');
      return;
    }
    const messages = new RateLimit(MESSAGES_BEFORE_HELLO);
    const flood = new RateLimit(FLOOD_PER_SECOND, FLOOD_AT_ONCE);
    const connection: PageConnection = { socket, nextSeq: 0, messages, flood, isOver: false };
    socket.addEventListener('message', ({ data }) => this.#take(connection, data));
    socket.addEventListener('close', () => this.#disconnected(connection));
    // A close follows each error.
    socket.addEventListener('error', () => {});
    this.#waiting.add(connection);
    const [oldest] = this.#waiting;
    if (oldest && this.#waiting.size > MAX_WAITING_PAGES) {
      this.#waiting.delete(oldest);
      oldest.socket.close(SOCKET_CLOSED_UNRESPONSIVE, 'too many pages are open');
    }
    socket.send(encodeAgentMessage({ type: 'welcome', sampleRateHz: this.sampleRateHz }));
  }

  open(events: ListenerEvents): void {
    assertUnused(this, this.#events !== undefined);
    this.#events = events;
  }

  send(message: AgentMessage): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'announce':
        this.#kept.announce(message.responseId, message.segmentId);
        break;
      case 'end':
        this.#kept.end(message.responseId);
        this.#sender.pump();
        break;
      case 'clear':
        this.#kept.clear();
        this.#paused = false;
        this.#sendToCurrent(message);
        break;
      case 'pause':
      case 'resume':
        this.#paused = message.type === 'pause';
        this.#sendToCurrent(message);
        break;
      case 'ping':
        if (!this.isListening) break;
        this.#sendToCurrent(message);
        this.#watchSilence();
        break;
      case 'welcome':
      case 'fingerprint':
        break;
    }
  }

  write(responseId: ResponseId, samples: Int16Array): undefined {
    if (this.#closed || samples.length === 0) return;
    this.#kept.write(responseId, samples);
    this.#dropPassed();
    this.#sender.pump();
  }

  /** A page that listens still plays the response to its end. If none listens, the audio is dropped. */
  settled(responseId: ResponseId): void {
    if (this.isListening) this.#kept.settle(responseId);
    else this.#kept.drop(responseId);
    this.#dropUnplayed();
  }

  /** A page that answers and does not play would have all audio kept. */
  #dropUnplayed(): void {
    const { keptMs } = this;
    if (keptMs - this.waitingMs() < MOST_UNPLAYED_MS) return;
    this.#kept.dropSettled();
    this.#warnOfDrop(keptMs);
  }

  #warnOfDrop(keptMs: number): void {
    warn(
      'ONCUE_AUDIO_DROPPED',
      `the page answers, and has not played the last ${Math.round(keptMs / 1000)} s of audio, which is dropped. Look whether its player is blocked or suspended.`,
    );
  }

  /**
   * The pipeline is held back by the estimate where nobody reports, so of more than this the estimate has passed the oldest.
   * A page that gets what is left of a response begins anew with it.
   */
  #dropPassed(): void {
    const { keptMs } = this;
    if (keptMs <= MOST_AHEAD_MS + MOST_UNPLAYED_MS) return;
    this.#kept.keepLatest(msToSamples(MOST_AHEAD_MS, this.sampleRateHz));
    if (this.isListening) this.#warnOfDrop(keptMs);
  }

  /** How much audio is kept for a page, ms. */
  get keptMs(): number {
    return samplesToMs(this.#kept.keptSamples, this.sampleRateHz);
  }

  waitingMs(): number {
    return samplesToMs(this.#kept.waitingSamples, this.sampleRateHz);
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

  #take(connection: PageConnection, data: unknown): void {
    if (this.#closed || connection.isOver) return;
    if (!connection.flood.allows(this.#clock.nowMs())) {
      this.#endFlood(connection);
      return;
    }
    if (typeof data !== 'string') {
      this.#events?.refused('bad_format');
      return;
    }
    // Only the current page counts: not one before its `hello`, nor one that was replaced.
    if (connection !== this.#current && !this.#maySayHello(connection, data)) return;
    this.#speaking = connection;
    this.#accepted = undefined;
    this.#events?.message(data);
    if (this.#accepted) this.#afterSession(this.#accepted);
  }

  #endFlood(connection: PageConnection): void {
    connection.isOver = true;
    this.#events?.refused('too_many');
    this.#disconnected(connection);
    if (connection.socket.terminate) connection.socket.terminate();
    else connection.socket.close(SOCKET_CLOSED_UNRESPONSIVE, 'the page sends too much');
  }

  /** Whether this is a `hello` of a page that does not listen, and not one too many. */
  #maySayHello(connection: PageConnection, data: string): boolean {
    if (!connection.messages.allows(this.#clock.nowMs())) {
      this.#events?.refused('too_many');
      return false;
    }
    const parsed = parseListenerMessage(data);
    if (parsed.ok && parsed.message.type === 'hello') return true;
    this.#events?.refused();
    return false;
  }

  /** What must be known here before the session acts on the message. */
  accepted(verdict: AcceptedMessage): void {
    this.#accepted = verdict;
    if (verdict.type === 'joined' && this.#speaking) this.#hello(this.#speaking);
    if (verdict.type === 'left') this.#leave();
    this.#stopWatchingSilence();
    if (verdict.type === 'playhead')
      this.#kept.heard(verdict.report.responseId, verdict.report.heardSamples);
  }

  /** What must not be sent before the session has answered the message. */
  #afterSession(verdict: AcceptedMessage): void {
    if (verdict.type === 'clock' && this.#phase === 'joining') this.#play();
    if (verdict.type !== 'playhead') return;
    const { responseId, phase } = verdict.report;
    // The page plays no more of it. If the session did not believe that, the rest still has to be sent.
    if (phase !== 'playing' && this.#kept.isSettled(responseId)) this.#kept.drop(responseId);
    this.#sender.pump();
  }

  /** A page begins to listen, or begins anew after a sleep. */
  #hello(connection: PageConnection): void {
    const before = this.#current;
    this.#waiting.delete(connection);
    this.#current = connection;
    if (before && before !== connection)
      before.socket.close(SOCKET_CLOSED_REPLACED, 'another page listens now');
    const wasListening = this.isListening;
    this.#phase = 'joining';
    this.#sender.stop();
    this.#kept.rewind();
    this.#cancelJoin?.();
    this.#cancelJoin = this.#clock.schedule(FIRST_PONG_WAIT_MS, () => this.#play());
    this.#stopWatchingSilence();
    if (!wasListening) this.#onPresence?.(true);
  }

  /** The page's clock is mapped, so its reports can be used from now on. */
  #play(): void {
    this.#cancelJoin?.();
    this.#phase = 'playing';
    if (this.#paused) this.#sendToCurrent({ type: 'pause' });
    if (this.#current) this.#sender.start(this.#current);
  }

  #disconnected(connection: PageConnection): void {
    this.#waiting.delete(connection);
    if (connection !== this.#current) return;
    this.#current = undefined;
    const wasListening = this.isListening;
    this.#leave();
    if (wasListening) this.#events?.gone();
  }

  #leave(): void {
    this.#cancelJoin?.();
    this.#stopWatchingSilence();
    this.#sender.stop();
    this.#kept.dropSettled();
    if (!this.isListening) return;
    this.#phase = 'nobody';
    this.#onPresence?.(false);
  }

  /** Starts with the first ping that is not answered. */
  #watchSilence(): void {
    this.#cancelSilence ??= this.#clock.schedule(SILENT_MS, () => {
      const connection = this.#current;
      if (!connection) return;
      connection.socket.close(SOCKET_CLOSED_UNRESPONSIVE, 'the page did not answer');
      // Not at the socket's `close` event: over a dead connection that comes late.
      this.#disconnected(connection);
    });
  }

  #stopWatchingSilence(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = undefined;
  }

  #sendToCurrent(message: AgentMessage): void {
    if (this.#current) sendMessage(this.#current, message);
  }
}
