import { attachReporter, type Reporter, type ReporterState } from '@oncue/browser/reporter';
import type { Playhead } from '@oncue/core/wire';
import { LogLevel, Room, setLogLevel, Track } from 'livekit-client';
import type { RoomTicket } from '../../src/protocol/control_messages.ts';
import type { PagePlayer, PagePlayerEvents } from './page_player.ts';

// A bundle of its own, loaded where a run is in a room: livekit-client is many times the size of the rest of the page.

setLogLevel(LogLevel.warn);

/** What of a reporter's state a listener sees. */
const STATES = {
  waiting: 'connecting',
  blocked: 'blocked',
  listening: 'listening',
  muted: 'away',
  away: 'away',
  closed: 'closed',
} as const satisfies Record<ReporterState, PagePlayer['state']>;

/** Hears the agent in a LiveKit room, and speaks there. */
export class RoomPlayer implements PagePlayer {
  readonly #room = new Room();
  readonly #reporter: Reporter;
  readonly #listeners: { [T in keyof PagePlayerEvents]: Set<PagePlayerEvents[T]> } = {
    state: new Set(),
    report: new Set(),
    error: new Set(),
  };
  #isClosed = false;

  constructor(ticket: Promise<RoomTicket>) {
    this.#room.on('trackSubscribed', (track) => {
      if (track.kind === Track.Kind.Audio) track.attach();
    });
    this.#room.on('disconnected', () => this.close());
    this.#reporter = attachReporter(this.#room, { workletUrl: '/assets/reporter.worklet.js' });
    this.#reporter.on('state', () => this.#tell('state', this.state));
    this.#reporter.on('report', (report: Playhead) => this.#tell('report', report));
    this.#reporter.on('error', (error: Error) => this.#tell('error', error));
    void this.#join(ticket);
  }

  get state(): PagePlayer['state'] {
    return this.#isClosed ? 'closed' : STATES[this.#reporter.state];
  }

  get context(): AudioContext {
    return this.#reporter.context;
  }

  start(): void {
    void this.#reporter.start();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reporter.close();
    void this.#room.disconnect();
    this.#tell('state', 'closed');
  }

  on<T extends keyof PagePlayerEvents>(type: T, listener: PagePlayerEvents[T]): () => void {
    this.#listeners[type].add(listener);
    return () => {
      this.#listeners[type].delete(listener);
    };
  }

  /** @throws DOMException when the browser gives no microphone. */
  async setMicrophone(isOn: boolean): Promise<void> {
    await this.#room.localParticipant.setMicrophoneEnabled(isOn);
  }

  async #join(ticket: Promise<RoomTicket>): Promise<void> {
    try {
      const { url, token } = await ticket;
      if (!this.#isClosed) await this.#room.connect(url, token);
    } catch (error) {
      this.#tell('error', new Error('the room cannot be joined', { cause: error }));
      this.close();
    }
  }

  #tell<T extends keyof PagePlayerEvents>(
    type: T,
    value: Parameters<PagePlayerEvents[T]>[0],
  ): void {
    for (const listener of this.#listeners[type]) (listener as (value: unknown) => void)(value);
  }
}
