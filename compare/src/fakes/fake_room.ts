import { EventEmitter } from 'node:events';
import { ParticipantKind, type RemoteParticipant, type Room } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';
import { LISTENER_TOPIC } from '@oncue/core/wire';

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
  /** Nothing gets through. */
  isDown = false;

  readonly localParticipant = {
    identity: 'agent',
    publishTrack: async () => ({ waitForSubscription: () => this.#subscription }),
    unpublishTrack: async () => {},
    publishData: async (
      bytes: Uint8Array,
      { destination_identities: to }: { readonly destination_identities: readonly string[] },
    ): Promise<void> => {
      const text = new TextDecoder().decode(bytes);
      this.#clock.schedule(this.#networkMs, () => {
        if (this.isDown) return;
        for (const identity of to) this.receive(identity, text);
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

  /** A page in the room says something. */
  say(identity: string, text: string): void {
    this.#clock.schedule(this.#networkMs, () => {
      const participant = this.remoteParticipants.get(identity);
      if (this.isDown || !participant) return;
      this.emit('dataReceived', new TextEncoder().encode(text), participant, 1, LISTENER_TOPIC);
    });
  }
}
