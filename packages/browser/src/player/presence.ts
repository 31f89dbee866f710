import { encodeListenerMessage, type ListenerMessage } from '@oncue/core/wire';

/**
 * One visit of this page at the agent, from `hello` to `bye`: every visit is an epoch of its own, in which messages count
 * up from 1.
 */
export class Presence {
  readonly #send: (text: string) => void;
  #epoch: string | undefined;
  #seq = 0;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  get isHere(): boolean {
    return this.#epoch !== undefined;
  }

  hello(): void {
    this.#epoch = newEpoch();
    this.#seq = 0;
    this.say({ type: 'hello', evidence: 'device' });
  }

  bye(): void {
    this.say({ type: 'bye' });
    this.#epoch = undefined;
  }

  /** The connection is gone, and the visit with it. */
  forget(): void {
    this.#epoch = undefined;
  }

  /** Says something, if the page is here. */
  say(message: ListenerMessage): void {
    if (this.#epoch === undefined) return;
    this.#seq += 1;
    this.#send(encodeListenerMessage(message, { epoch: this.#epoch, seq: this.#seq }));
  }
}

/** `crypto.randomUUID` is for secure pages only. */
function newEpoch(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
