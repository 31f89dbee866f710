import type { AgentMs } from '@oncue/core';

/** A page that closes says `bye`, and its participant leaves the room at most this much later. */
const BYE_BEFORE_MS = 3000;

/** The participants whose pages report. */
export class RoomReporters {
  /** The epoch of each, by identity. */
  readonly #epochs = new Map<string, string>();
  #latestBye: { readonly identity: string; readonly atMs: AgentMs } | undefined;

  get identities(): readonly string[] {
    return [...this.#epochs.keys()];
  }

  get isEmpty(): boolean {
    return this.#epochs.size === 0;
  }

  has(identity: string): boolean {
    return this.#epochs.has(identity);
  }

  hello(identity: string, epoch: string): void {
    this.#epochs.set(identity, epoch);
  }

  /** Ignored when a newer page of the same participant reports by now. */
  bye(identity: string, epoch: string, nowMs: AgentMs): void {
    if (epoch !== this.#epochs.get(identity)) return;
    this.#epochs.delete(identity);
    this.#latestBye = { identity, atMs: nowMs };
  }

  /** @returns Whether it reported. */
  remove(identity: string): boolean {
    return this.#epochs.delete(identity);
  }

  /** The participant left the room. @returns Whether its page reported until then, or until its `bye` just before. */
  left(identity: string, nowMs: AgentMs): boolean {
    const bye = this.#latestBye?.identity === identity ? this.#latestBye : undefined;
    const saidByeJustNow = bye !== undefined && nowMs - bye.atMs < BYE_BEFORE_MS;
    return this.remove(identity) || saidByeJustNow;
  }
}
