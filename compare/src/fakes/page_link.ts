import type { Clock } from '@oncue/core';
import { encodeListenerMessage, type ListenerMessage } from '@oncue/core/wire';

/** The clock of a page shows this much more than the agent's, ms. */
const CLOCK_AHEAD_MS = 5000;

let visitCount = 0;

/** What a page says on one visit: the messages in their envelopes, with the instants on the page's own clock. */
export class PageVoice {
  readonly #clock: Clock;
  readonly #carry: (text: string) => void;
  readonly #epoch: string;
  #seq = 0;

  /** @param carry - takes a message to the agent. */
  constructor(clock: Clock, carry: (text: string) => void) {
    this.#clock = clock;
    this.#carry = carry;
    visitCount += 1;
    this.#epoch = `page-${visitCount}`;
  }

  hello(): void {
    this.say({ type: 'hello', evidence: 'device' });
  }

  pong(pingId: number): void {
    const atMs = (this.#clock.nowMs() + CLOCK_AHEAD_MS) as never;
    this.say({ type: 'pong', pingId, receivedAtMs: atMs, sentAtMs: atMs });
  }

  /** @param sinceMs - on the run's clock. */
  audibility(audibility: 'muted' | 'listening', sinceMs: number): void {
    this.say({ type: 'audibility', audibility, sinceMs: (sinceMs + CLOCK_AHEAD_MS) as never });
  }

  /** @param playhead - with instants on the run's clock. */
  report(playhead: Extract<ListenerMessage, { type: 'playhead' }>): void {
    this.say({
      ...playhead,
      startedAtMs: (playhead.startedAtMs + CLOCK_AHEAD_MS) as never,
      positionAtMs: (playhead.positionAtMs + CLOCK_AHEAD_MS) as never,
    });
  }

  say(message: ListenerMessage): void {
    this.#seq += 1;
    this.#carry(encodeListenerMessage(message, { epoch: this.#epoch, seq: this.#seq }));
  }
}
