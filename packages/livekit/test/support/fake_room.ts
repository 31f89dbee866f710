import { EventEmitter } from 'node:events';
import { ParticipantKind, type RemoteParticipant, type Room } from '@livekit/rtc-node';
import {
  type AgentMessage,
  encodeListenerMessage,
  LISTENER_TOPIC,
  type ListenerMessage,
  messagesIn,
} from '@oncue/core/wire';

/** What was published, parsed. */
export interface Published {
  readonly message: AgentMessage & { readonly seq: number; readonly epoch: string };
  readonly reliable: boolean;
  readonly to: readonly string[];
  readonly topic: string;
}

/** The part of rtc-node's `Room` that the room listener uses. */
export class FakeRoom extends EventEmitter {
  isConnected = true;
  readonly remoteParticipants = new Map<string, RemoteParticipant>();
  readonly published: Published[] = [];
  /** Packets that were published, and their bytes. One packet may hold several messages. */
  packetCount = 0;
  byteCount = 0;
  readonly #seqs = new Map<string, number>();

  readonly localParticipant = {
    identity: 'agent',
    publishData: (
      bytes: Uint8Array,
      options: { reliable: boolean; destination_identities: string[]; topic: string },
    ): Promise<void> => {
      this.packetCount += 1;
      this.byteCount += bytes.length;
      for (const text of messagesIn(new TextDecoder().decode(bytes)))
        this.published.push({
          message: JSON.parse(text),
          reliable: options.reliable,
          to: options.destination_identities,
          topic: options.topic,
        });
      return Promise.resolve();
    },
  };

  /** As protobuf gives them. One of them may be an RTCP receiver report. */
  publisherStats: unknown[] = [];

  getRtcStats(): Promise<{ publisherStats: unknown[] }> {
    if (!this.isConnected) return Promise.reject(new Error('not connected'));
    return Promise.resolve({ publisherStats: this.publisherStats });
  }

  get asRoom(): Room {
    return this as unknown as Room;
  }

  join(identity: string, kind: ParticipantKind = ParticipantKind.STANDARD): RemoteParticipant {
    const participant = {
      identity,
      info: { kind },
      attributes: {},
    } as unknown as RemoteParticipant;
    this.remoteParticipants.set(identity, participant);
    this.emit('participantConnected', participant);
    return participant;
  }

  leave(identity: string): void {
    const participant = this.remoteParticipants.get(identity);
    this.remoteParticipants.delete(identity);
    this.emit('participantDisconnected', participant);
  }

  /** A page says something. */
  say(identity: string, message: ListenerMessage, epoch: string = `${identity}-1`): void {
    const key = `${identity} ${epoch}`;
    const seq = (this.#seqs.get(key) ?? 0) + 1;
    this.#seqs.set(key, seq);
    const bytes = new TextEncoder().encode(encodeListenerMessage(message, { epoch, seq }));
    this.emit('dataReceived', bytes, this.remoteParticipants.get(identity), 1, LISTENER_TOPIC);
  }

  /** The messages of one type that were published, each once. */
  sent<T extends AgentMessage['type']>(type: T): readonly Extract<AgentMessage, { type: T }>[] {
    const seen = new Set<number>();
    return this.published
      .filter(
        ({ message }) => message.type === type && !seen.has(message.seq) && seen.add(message.seq),
      )
      .map(({ message }) => message as unknown as Extract<AgentMessage, { type: T }>);
  }
}
