import type { AgentMs } from '@oncue/core';
import { type ListenerLimits, listenerLimits } from '@oncue/core/wire';

/** A page that closes says `bye`, and its participant leaves the room at most this much later. */
const BYE_BEFORE_MS = 3000;

/** Participants whose rates are kept; the oldest are forgotten. */
const LIMITS_KEPT = 1000;

/** The participants whose pages report. */
export class RoomReporters {
  /** The epoch of each, by identity. */
  readonly #epochs = new Map<string, string>();
  /** Kept when a participant leaves, so that coming back does not renew them. */
  readonly #limits = new Map<string, ListenerLimits>();
  #latestBye: { readonly identity: string; readonly atMs: AgentMs } | undefined;

  /** Whether another message of a participant is looked at. Costs the same however many come. */
  mayAct(identity: string, nowMs: AgentMs): boolean {
    return this.#limitsOf(identity).messages.allows(nowMs);
  }

  /** Whether a `hello` of a participant begins a visit: not one of a page that is here, nor one too many. */
  mayJoin(identity: string, epoch: string, nowMs: AgentMs): boolean {
    return this.#epochs.get(identity) !== epoch && this.#limitsOf(identity).joins.allows(nowMs);
  }

  #limitsOf(identity: string): ListenerLimits {
    const known = this.#limits.get(identity);
    if (known) return known;
    const limits = listenerLimits();
    this.#limits.set(identity, limits);
    if (this.#limits.size > LIMITS_KEPT)
      this.#limits.delete(this.#limits.keys().next().value ?? identity);
    return limits;
  }

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
