import type { ResponseId } from '@oncue/core';
import type { AgentMessage } from '@oncue/core/wire';

/**
 * Where a session's audio goes: a sound device, a page, a room. Takes samples with the response they belong to, and
 * tells in wire messages what of them was heard.
 */
export interface ListenerDevice {
  /** The rate at which it takes and counts samples, mono. */
  readonly sampleRateHz: number;

  /** Its clock is the agent's own, so its instants need no mapping. */
  readonly sameClock: boolean;

  /**
   * How long playout stands still when the listener is not there, in ms; then it goes on on the estimate [LW3]. Left
   * out: not at all.
   */
  readonly graceMs?: number;

  /**
   * Called once, before anything else.
   *
   * @param onMessage - gets every message of the listener, as JSON text.
   * @param onGone - the listener is gone without a `bye`.
   */
  open(onMessage: (raw: string) => void, onGone: () => void): void;

  /** Announcements and commands, in order with the samples. */
  send(message: AgentMessage): void;

  /** The next samples of a response. They may come faster than they are played. */
  write(responseId: ResponseId, samples: Int16Array): void;

  /** The response has ended for the session, however that is known: nobody waits for the rest of it. */
  settled?(responseId: ResponseId): void;

  /** Stops playout and lets go of everything. May be called twice. */
  close(): void;
}
