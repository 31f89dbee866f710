import type { Clock } from '@oncue/core';
import { fitsInPacket, packetOf } from '@oncue/core/wire';

/** What an outbox works with. */
export interface PacketOutboxPort {
  readonly clock: Clock;
  /** How long a message waits for others that go with it, ms. */
  readonly waitMs: number;
  readonly send: (packet: string, to: readonly string[]) => void;
}

/** Messages that go to the same listeners at about the same time leave in one packet, in order. */
export class PacketOutbox {
  readonly #port: PacketOutboxPort;
  #messages: string[] = [];
  #to: readonly string[] = [];
  #cancelWait: (() => void) | undefined;

  constructor(port: PacketOutboxPort) {
    this.#port = port;
  }

  add(message: string, to: readonly string[]): void {
    const isSame = this.#to.length === to.length && this.#to.every((one, at) => one === to[at]);
    if (!isSame || !fitsInPacket(this.#messages, message)) this.flush();
    this.#to = to;
    this.#messages.push(message);
    this.#cancelWait ??= this.#port.clock.schedule(this.#port.waitMs, () => this.flush());
  }

  /** Sends what waits. */
  flush(): void {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    const messages = this.#messages;
    if (messages.length === 0) return;
    this.#messages = [];
    this.#port.send(packetOf(messages), this.#to);
  }
}
