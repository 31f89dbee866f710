import { attachReporter, type Reporter, type ReporterState } from '@oncue/browser/reporter';
import type { Playhead } from '@oncue/core/wire';
import { LogLevel, Room, setLogLevel, Track } from 'livekit-client';
import type { RoomTicket } from '../../src/protocol/control_messages.ts';
import type { PagePlayer, PagePlayerEvents } from './page_player.ts';

// A separate bundle that only a page in a room loads: livekit-client is many times the size of the rest of the page.

setLogLevel(LogLevel.warn);

/** The player states for the states of a reporter. */
const STATES = {
  waiting: 'connecting',
  blocked: 'blocked',
  listening: 'listening',
  // As a player that is muted: it plays on.
  muted: 'listening',
  away: 'away',
  closed: 'closed',
} as const satisfies Record<ReporterState, PagePlayer['state']>;

/** Plays the agent from a LiveKit room, and sends the microphone there. */
export class RoomPlayer implements PagePlayer {
  readonly #room = new Room();
  readonly #reporter: Reporter;
  readonly #listeners: { [T in keyof PagePlayerEvents]: Set<PagePlayerEvents[T]> } = {
    state: new Set(),
    report: new Set(),
    error: new Set(),
  };
  readonly #elements = new Set<HTMLMediaElement>();
  #isMuted = false;
  #isClosed = false;

  constructor(ticket: Promise<RoomTicket>) {
    this.#room.on('trackSubscribed', (track) => {
      if (track.kind !== Track.Kind.Audio) return;
      const element = track.attach();
      element.muted = this.#isMuted;
      this.#elements.add(element);
    });
    this.#room.on('trackUnsubscribed', (track) => {
      for (const element of track.detach()) this.#elements.delete(element);
    });
    this.#room.on('disconnected', () => this.close());
    this.#reporter = attachReporter(this.#room, { workletUrl: '/assets/reporter.worklet.js' });
    this.#reporter.on('state', () => this.#emit('state', this.state));
    this.#reporter.on('report', (report: Playhead) => this.#emit('report', report));
    this.#reporter.on('error', (error: Error) => this.#emit('error', error));
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

  /** The reporter takes the elements' muting for that of the track, and tells the agent. */
  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    for (const element of this.#elements) element.muted = isMuted;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reporter.close();
    void this.#room.disconnect();
    this.#emit('state', 'closed');
  }

  on<T extends keyof PagePlayerEvents>(type: T, listener: PagePlayerEvents[T]): () => void {
    this.#listeners[type].add(listener);
    return () => {
      this.#listeners[type].delete(listener);
    };
  }

  /** @throws {DOMException} If the browser does not allow the microphone. */
  async setMicrophone(isOn: boolean): Promise<void> {
    await this.#room.localParticipant.setMicrophoneEnabled(isOn);
  }

  async #join(ticket: Promise<RoomTicket>): Promise<void> {
    try {
      const { url, token } = await ticket;
      if (!this.#isClosed) await this.#room.connect(url, token);
    } catch (error) {
      this.#emit(
        'error',
        new Error('The room cannot be joined; check that the LiveKit server runs', {
          cause: error,
        }),
      );
      this.close();
    }
  }

  #emit<T extends keyof PagePlayerEvents>(
    type: T,
    value: Parameters<PagePlayerEvents[T]>[0],
  ): void {
    for (const listener of this.#listeners[type]) (listener as (value: unknown) => void)(value);
  }
}
