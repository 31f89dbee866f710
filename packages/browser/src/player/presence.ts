import { encodeListenerMessage, type ListenerMessage } from '@oncue/core/wire';
import type { PageMs } from '../shared/page_clock.ts';

/**
 * Whether the agent knows that this page listens. Each period from `hello` to `bye` has an epoch of its own, in which messages
 * are numbered from 1.
 */
export class Presence {
  readonly #send: (text: string) => void;
  #epoch: string | undefined;
  #seq = 0;
  #mutedSinceMs: PageMs | undefined;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  get isHere(): boolean {
    return this.#epoch !== undefined;
  }

  hello(): void {
    // Only secure pages have it, and only they have worklets.
    this.#epoch = crypto.randomUUID();
    this.#seq = 0;
    this.say({ type: 'hello', evidence: 'device' });
    if (this.#mutedSinceMs !== undefined) this.#sayAudibility('muted', this.#mutedSinceMs);
  }

  setMuted(isMuted: boolean, sinceMs: PageMs): void {
    if (isMuted === (this.#mutedSinceMs !== undefined)) return;
    this.#mutedSinceMs = isMuted ? sinceMs : undefined;
    this.#sayAudibility(isMuted ? 'muted' : 'listening', sinceMs);
  }

  #sayAudibility(audibility: 'muted' | 'listening', sinceMs: PageMs): void {
    this.say({ type: 'audibility', audibility, sinceMs });
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
