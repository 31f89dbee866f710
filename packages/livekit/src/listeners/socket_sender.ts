import { type Clock, msToSamples } from '@oncue/core';
import { type AgentMessage, encodeAgentMessage, encodeAudioFrame } from '@oncue/core/wire';
import type { KeptResponse, ReplayBuffer } from './replay_buffer.ts';

/**
 * How far ahead of the reported playhead audio is sent. Enough for a network that stalls for seconds. More would be wasted at
 * a `clear`; the page has room for 12 s.
 */
export const MAX_SEND_AHEAD_MS = 5000;

/** If more than this waits in the socket, the network is slower than speech, and the backlog would delay a `clear`. */
const MAX_WAITING_BYTES = 262_144;

/** How often a full socket is checked again, since a socket does not report when it has drained. */
const DRAIN_CHECK_MS = 20;

/** Audio per binary message. A longer message would delay a `clear` after it. */
const FRAME_MS = 100;

/** The part of a socket that a sender uses. */
export interface SendingSocket {
  /** Bytes handed to `send` that have not left yet. */
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
}

/** The visit of one page. */
export interface Connection<Socket extends SendingSocket = SendingSocket> {
  readonly socket: Socket;
  /** Of the next audio frame. */
  nextSeq: number;
}

/** Sends kept audio to a page, in order, and never further ahead than the page and the network can take [BR4]. */
export class SocketSender {
  readonly #clock: Clock;
  readonly #kept: ReplayBuffer;
  readonly #sampleRateHz: number;
  #connection: Connection | undefined;
  #cancelCheck: (() => void) | undefined;

  constructor(kept: ReplayBuffer, sampleRateHz: number, clock: Clock) {
    this.#kept = kept;
    this.#sampleRateHz = sampleRateHz;
    this.#clock = clock;
  }

  /** Audio goes to this page from now on. */
  start(connection: Connection): void {
    this.#connection = connection;
    this.pump();
  }

  stop(): void {
    this.#connection = undefined;
    this.#cancelCheck?.();
  }

  /** Sends what may be sent now. */
  pump(): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#cancelCheck?.();
    for (const response of this.#kept.responses) {
      if (!this.#sendResponse(response, connection)) return;
    }
  }

  /** @returns Whether all of the response that was written is sent. */
  #sendResponse(response: KeptResponse, connection: Connection): boolean {
    this.#announce(response, connection);
    const { responseId } = response;
    const { socket } = connection;
    const frameSamples = msToSamples(FRAME_MS, this.#sampleRateHz);
    const maxAheadSamples = msToSamples(MAX_SEND_AHEAD_MS, this.#sampleRateHz);
    while (response.sentSamples < response.writtenSamples) {
      const roomSamples = maxAheadSamples - this.#kept.aheadSamples;
      // The next report makes room.
      if (roomSamples <= 0) return false;
      if (socket.bufferedAmount > MAX_WAITING_BYTES) {
        this.#cancelCheck = this.#clock.schedule(DRAIN_CHECK_MS, () => this.pump());
        return false;
      }
      const samples = this.#kept.next(response, Math.min(roomSamples, frameSamples));
      const firstSample = response.sentSamples;
      const seq = connection.nextSeq;
      connection.nextSeq += 1;
      socket.send(encodeAudioFrame({ seq, responseId, firstSample, samples }));
      response.sentSamples += samples.length;
    }
    if (response.totalSamples !== undefined && !response.endSent) {
      response.endSent = true;
      sendMessage(connection, { type: 'end', responseId, totalSamples: response.totalSamples });
    }
    return true;
  }

  #announce(response: KeptResponse, connection: Connection): void {
    if (response.announced) return;
    response.announced = true;
    const { responseId, heardSamples, segmentId } = response;
    sendMessage(connection, {
      type: 'announce',
      responseId,
      sampleRateHz: this.#sampleRateHz,
      ...(heardSamples === 0 ? {} : { heardBeforeSamples: heardSamples }),
      ...(segmentId === undefined ? {} : { segmentId }),
    });
  }
}

/** Sends a message to a page. */
export function sendMessage({ socket }: Connection, message: AgentMessage): void {
  socket.send(encodeAgentMessage(message));
}
