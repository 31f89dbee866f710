import { EventEmitter } from 'node:events';
import type { Room } from '@livekit/rtc-node';
import { encodeListenerMessage, LISTENER_TOPIC } from '@oncue/core/wire';
import { type ListenerSocket, SocketListener } from '@oncue/livekit';

/** Someone who says `hello` to an agent. */
export interface Attacker {
  hello(): void;
  /** Says it to nobody. What that takes is the attacker's own. */
  rehearse(): void;
  /** Messages of the agent but pings and the `welcome` of each connection, and frames of audio. */
  readonly sent: number;
}

/** Whether it is one listener that says `hello` again, or a new one each time. */
export type Guise = 'the same' | 'a new one';

/** Says `hello` under one epoch, or under a new one each time. */
class Hellos {
  readonly #guise: Guise;
  #epoch = 0;
  #seq = 0;

  constructor(guise: Guise) {
    this.#guise = guise;
  }

  /** What is said next is said by another one. */
  restart(): void {
    this.#epoch += 1;
    this.#seq = 0;
  }

  next(): string {
    if (this.#guise === 'a new one') this.restart();
    this.#seq += 1;
    const envelope = { epoch: `page-${this.#epoch}`, seq: this.#seq };
    return encodeListenerMessage({ type: 'hello', evidence: 'device' }, envelope);
  }
}

/** Each page that the server lets in is told the sample rate. */
const isCounted = (text: string): boolean => !/"type":"(ping|welcome)"/.test(text);

/** A page on a socket. One that is ended for its flood connects again at once. */
export class SocketAttacker implements Attacker {
  readonly listener = new SocketListener();
  readonly #hellos: Hellos;
  #receive: ((event: { readonly data: unknown }) => void) | undefined;
  sent = 0;

  constructor(guise: Guise) {
    this.#hellos = new Hellos(guise);
  }

  hello(): void {
    if (!this.#receive) this.#connect();
    this.#receive?.({ data: this.#hellos.next() });
  }

  rehearse(): void {
    this.#hellos.next();
  }

  #connect(): void {
    this.#hellos.restart();
    const socket: ListenerSocket = {
      bufferedAmount: 0,
      send: (data) => {
        if (typeof data !== 'string' || isCounted(data)) this.sent += 1;
      },
      close: () => {
        this.#receive = undefined;
      },
      terminate: () => {
        this.#receive = undefined;
      },
      addEventListener: (type: string, listener: (event: never) => void) => {
        if (type === 'message') this.#receive = listener as never;
      },
    };
    this.listener.attachSocket(socket);
  }
}

/** A participant of a room whose server is left out. */
export class RoomAttacker implements Attacker {
  sent = 0;
  readonly #hellos: Hellos;
  readonly #room = new EventEmitter();
  readonly #self = { identity: 'attacker', info: {}, attributes: {} };

  constructor(guise: Guise) {
    this.#hellos = new Hellos(guise);
    const publishData = async (bytes: Uint8Array): Promise<void> => {
      if (isCounted(new TextDecoder().decode(bytes))) this.sent += 1;
    };
    Object.assign(this.#room, {
      isConnected: true,
      remoteParticipants: new Map([[this.#self.identity, this.#self]]),
      localParticipant: {
        identity: 'agent',
        publishData,
        publishTrack: async () => ({ waitForSubscription: async () => {} }),
      },
      getRtcStats: async () => ({ publisherStats: [] }),
    });
  }

  get room(): Room {
    return this.#room as unknown as Room;
  }

  hello(): void {
    this.#room.emit('dataReceived', this.#next(), this.#self, 1, LISTENER_TOPIC);
  }

  rehearse(): void {
    this.#next();
  }

  #next(): Uint8Array {
    return new TextEncoder().encode(this.#hellos.next());
  }
}
