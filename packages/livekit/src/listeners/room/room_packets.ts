import { type RemoteParticipant, type Room, RoomEvent } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';
import {
  AGENT_TOPIC,
  type AgentMessage,
  CAPTION_TOPIC,
  type CaptionMessage,
  encodeAgentMessage,
  encodeCaptionMessage,
  LISTENER_TOPIC,
  messagesIn,
  unreadIn,
} from '@oncue/core/wire';
import { PacketOutbox } from './packet_outbox.ts';

/** What arrives from the room. */
export interface PacketEvents {
  /** A message of a page, as text that was not checked yet. */
  message(raw: string, from: RemoteParticipant): void;
  /** Messages that were not looked at: too many in one packet, or of nobody who is in the room. */
  refused(reason: 'too_many' | 'wrong_listener', count: number): void;
  connected(participant: RemoteParticipant): void;
  disconnected(participant: RemoteParticipant): void;
}

/**
 * How a message is sent. `lossy`: on the lossy channel only, which also drops what a later message overtakes. `reliable`: on
 * the reliable one only, which is slower when it retransmits. `both`: on the lossy channel, and again on the reliable one. A
 * listener drops the second copy by its number.
 */
export type Delivery = 'lossy' | 'reliable' | 'both';

/** A packet waits so long for other messages. A fingerprint is needed when its sound is heard, 100 ms later or more. */
const LOSSY_WAIT_MS = 10;

/** The second copy of a message matters only if the first was lost. */
const RELIABLE_WAIT_MS = 60;

/** These do not wait: a ping measures the way, and what a page must not go on with is told at once. */
const URGENT: ReadonlySet<AgentMessage['type']> = new Set([
  'ping',
  'welcome',
  'clear',
  'pause',
  'resume',
]);

/** Oncue's data packets in a room. Nothing that the room does is thrown: a packet that cannot be sent is lost [RM6]. */
export class RoomPackets {
  readonly #room: Room;
  readonly #events: PacketEvents;
  readonly #epoch: string;
  readonly #lossy: PacketOutbox;
  readonly #reliable: PacketOutbox;
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  /** The latest packet of each channel. */
  readonly #latest: Record<'reliable' | 'lossy', Promise<void>> = {
    reliable: Promise.resolve(),
    lossy: Promise.resolve(),
  };
  #seq = 0;
  #captionSeq = 0;

  /** @param epoch - distinguishes this session from an earlier one in the same room. */
  constructor(room: Room, clock: Clock, epoch: string, events: PacketEvents) {
    this.#room = room;
    this.#events = events;
    this.#epoch = epoch;
    const outbox = (waitMs: number, reliable: boolean): PacketOutbox =>
      new PacketOutbox({
        clock,
        waitMs,
        send: (packet, to) => this.#publish(this.#encoder.encode(packet), reliable, to),
      });
    this.#lossy = outbox(LOSSY_WAIT_MS, false);
    this.#reliable = outbox(RELIABLE_WAIT_MS, true);
    room.on(RoomEvent.DataReceived, this.#received);
    room.on(RoomEvent.ParticipantConnected, this.#connected);
    room.on(RoomEvent.ParticipantDisconnected, this.#disconnected);
  }

  /** @param to - identities; empty: everybody. */
  send(message: AgentMessage, delivery: Delivery, to: readonly string[]): void {
    this.#seq += 1;
    const text = encodeAgentMessage(message, { epoch: this.#epoch, seq: this.#seq });
    const isUrgent = URGENT.has(message.type);
    for (const [outbox, isMeant] of [
      [this.#lossy, delivery !== 'reliable'],
      [this.#reliable, delivery !== 'lossy'],
    ] as const) {
      if (!isMeant) continue;
      outbox.add(text, to);
      if (isUrgent) outbox.flush();
    }
  }

  /** Only on the reliable channel: each caption follows from those before. @param to - identities, at least one. */
  sendCaption(message: CaptionMessage, to: readonly string[]): void {
    this.#captionSeq += 1;
    const text = encodeCaptionMessage(message, { epoch: this.#epoch, seq: this.#captionSeq });
    this.#publish(this.#encoder.encode(text), true, to, CAPTION_TOPIC);
  }

  /** Sends what waits for other messages. */
  flush(): void {
    this.#lossy.flush();
    this.#reliable.flush();
  }

  close(): void {
    this.flush();
    this.#room.off(RoomEvent.DataReceived, this.#received);
    this.#room.off(RoomEvent.ParticipantConnected, this.#connected);
    this.#room.off(RoomEvent.ParticipantDisconnected, this.#disconnected);
  }

  readonly #received = (
    payload: Uint8Array,
    participant?: RemoteParticipant,
    _kind?: unknown,
    topic?: string,
  ): void => {
    if (topic !== LISTENER_TOPIC) return;
    const packet = this.#decoder.decode(payload);
    const messages = messagesIn(packet);
    if (!participant) {
      this.#events.refused('wrong_listener', messages.length);
      return;
    }
    for (const message of messages) this.#events.message(message, participant);
    const unread = unreadIn(packet);
    if (unread > 0) this.#events.refused('too_many', unread);
  };

  readonly #connected = (participant: RemoteParticipant): void =>
    this.#events.connected(participant);

  readonly #disconnected = (participant: RemoteParticipant): void =>
    this.#events.disconnected(participant);

  /** One at a time in each channel: every pending packet listens for the room's end, and Node warns of many listeners. */
  #publish(
    bytes: Uint8Array,
    reliable: boolean,
    to: readonly string[],
    topic: string = AGENT_TOPIC,
  ): void {
    if (!this.#room.isConnected) return;
    const options = { reliable, topic, destination_identities: [...to] };
    const channel = reliable ? 'reliable' : 'lossy';
    this.#latest[channel] = this.#latest[channel]
      .then(() => this.#room.localParticipant?.publishData(bytes, options))
      // Between two connections nobody can receive it, and later it would be out of date.
      .catch(() => {});
  }
}
