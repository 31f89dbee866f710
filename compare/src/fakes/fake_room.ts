import { EventEmitter } from 'node:events';
import { ParticipantKind, type RemoteParticipant, type Room } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';
import { LISTENER_TOPIC, messagesIn } from '@oncue/core/wire';

/** The part of rtc-node's `Room` that an agent's output uses, with a network that takes its time. */
export class FakeRoom extends EventEmitter {
  isConnected = true;
  readonly remoteParticipants = new Map<string, RemoteParticipant>();
  readonly #clock: Clock;
  readonly #networkMs: number;
  #subscribed: () => void = () => {};
  readonly #subscription = new Promise<void>((resolve) => {
    this.#subscribed = resolve;
  });
  /** Takes what the agent publishes to a participant, when it has arrived. */
  receive: (identity: string, text: string) => void = () => {};
  #isDown = false;
  /** What was sent reliably while nothing got through: it is sent again, and gets through then. */
  readonly #held: (() => void)[] = [];

  readonly localParticipant = {
    identity: 'agent',
    publishTrack: async () => ({ waitForSubscription: () => this.#subscription }),
    unpublishTrack: async () => {},
    publishData: async (
      bytes: Uint8Array,
      options: {
        readonly destination_identities: readonly string[];
        readonly reliable?: boolean;
      },
    ): Promise<void> => {
      const text = new TextDecoder().decode(bytes);
      this.#carry(options.reliable ?? false, () => {
        for (const message of messagesIn(text))
          for (const identity of options.destination_identities) this.receive(identity, message);
      });
    },
  };

  constructor(clock: Clock, networkMs: number) {
    super();
    this.#clock = clock;
    this.#networkMs = networkMs;
  }

  async getRtcStats(): Promise<{ readonly publisherStats: readonly unknown[] }> {
    return { publisherStats: [] };
  }

  get asRoom(): Room {
    return this as unknown as Room;
  }

  /** A participant joins, and subscribes to the agent's track. */
  join(identity: string): void {
    const participant = {
      identity,
      info: { kind: ParticipantKind.STANDARD },
      attributes: {},
    } as unknown as RemoteParticipant;
    this.remoteParticipants.set(identity, participant);
    this.emit('participantConnected', participant);
    this.#subscribed();
  }

  leave(identity: string): void {
    const participant = this.remoteParticipants.get(identity);
    this.remoteParticipants.delete(identity);
    this.emit('participantDisconnected', participant);
  }

  /** A page in the room says something. A start, an end and a cut it says reliably, as the reporter does. */
  say(identity: string, text: string): void {
    const { type, phase } = JSON.parse(text) as { readonly type: string; readonly phase?: string };
    const isReliable = type === 'hello' || phase === 'ended' || phase === 'cut';
    this.#carry(isReliable, () => {
      const participant = this.remoteParticipants.get(identity);
      if (!participant) return;
      this.emit('dataReceived', new TextEncoder().encode(text), participant, 1, LISTENER_TOPIC);
    });
  }

  /** Nothing gets through. */
  get isDown(): boolean {
    return this.#isDown;
  }

  set isDown(isDown: boolean) {
    this.#isDown = isDown;
    if (!isDown) for (const arrive of this.#held.splice(0)) arrive();
  }

  #carry(isReliable: boolean, arrive: () => void): void {
    this.#clock.schedule(this.#networkMs, () => {
      if (!this.#isDown) arrive();
      else if (isReliable) this.#held.push(arrive);
    });
  }
}
