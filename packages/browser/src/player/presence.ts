import { encodeListenerMessage, type ListenerMessage } from '@oncue/core/wire';
import { newEpoch } from '../shared/epoch.ts';

/**
 * Whether the agent knows that this page listens. Each period from `hello` to `bye` has an epoch of its own, in which messages
 * are numbered from 1.
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

  /** The connection is gone, and the agent with it. */
  forget(): void {
    this.#epoch = undefined;
  }

  /** Sends a message if the agent knows of this page; otherwise does nothing. */
  say(message: ListenerMessage): void {
    if (this.#epoch === undefined) return;
    this.#seq += 1;
    this.#send(encodeListenerMessage(message, { epoch: this.#epoch, seq: this.#seq }));
  }
}
