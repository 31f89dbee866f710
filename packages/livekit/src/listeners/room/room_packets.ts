import { type RemoteParticipant, type Room, RoomEvent } from '@livekit/rtc-node';
import {
  AGENT_TOPIC,
  type AgentMessage,
  encodeAgentMessage,
  LISTENER_TOPIC,
} from '@oncue/core/wire';

/** What the packets lead to. */
export interface PacketHandlers {
  readonly message: (raw: string, from: RemoteParticipant) => void;
  readonly connected: (participant: RemoteParticipant) => void;
  readonly disconnected: (participant: RemoteParticipant) => void;
}

/**
 * How a message is sent. `once`: by the lossy channel, which also loses what another message overtakes. `reliably`: by
 * the lossy channel, and again by the reliable one, which is late when it has to repeat itself. A listener drops what it
 * has by the number.
 */
export type Delivery = 'lossy' | 'both';

/** Oncue's data packets in a room. What the room does is never thrown: a packet that cannot leave is lost. */
export class RoomPackets {
  readonly #room: Room;
  readonly #handlers: PacketHandlers;
  readonly #epoch: string;
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  readonly #sent: Record<'reliable' | 'lossy', Promise<void>> = {
    reliable: Promise.resolve(),
    lossy: Promise.resolve(),
  };
  #seq = 0;

  /** @param epoch - tells this session from one before it in the same room. */
  constructor(room: Room, epoch: string, handlers: PacketHandlers) {
    this.#room = room;
    this.#handlers = handlers;
    this.#epoch = epoch;
    room.on(RoomEvent.DataReceived, this.#received);
    room.on(RoomEvent.ParticipantConnected, handlers.connected);
    room.on(RoomEvent.ParticipantDisconnected, handlers.disconnected);
  }

  /** @param to - identities; empty: everybody. */
  send(message: AgentMessage, delivery: Delivery, to: readonly string[]): void {
    this.#seq += 1;
    const text = encodeAgentMessage(message, { epoch: this.#epoch, seq: this.#seq });
    const bytes = this.#encoder.encode(text);
    this.#publish(bytes, false, to);
    if (delivery === 'both') this.#publish(bytes, true, to);
  }

  close(): void {
    this.#room.off(RoomEvent.DataReceived, this.#received);
    this.#room.off(RoomEvent.ParticipantConnected, this.#handlers.connected);
    this.#room.off(RoomEvent.ParticipantDisconnected, this.#handlers.disconnected);
  }

  readonly #received = (
    payload: Uint8Array,
    participant?: RemoteParticipant,
    _kind?: unknown,
    topic?: string,
  ): void => {
    if (topic !== LISTENER_TOPIC || !participant) return;
    this.#handlers.message(this.#decoder.decode(payload), participant);
  };

  /** One after the other in each channel: every packet on its way waits for the room's end, and Node warns of many. */
  #publish(bytes: Uint8Array, reliable: boolean, to: readonly string[]): void {
    if (!this.#room.isConnected) return;
    const options = { reliable, topic: AGENT_TOPIC, destination_identities: [...to] };
    const channel = reliable ? 'reliable' : 'lossy';
    this.#sent[channel] = this.#sent[channel]
      .then(() => this.#room.localParticipant?.publishData(bytes, options))
      // Between two connections there is nobody to send to, and afterwards it would be too late.
      .catch(() => {});
  }
}
