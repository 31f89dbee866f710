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

  /** Called once, before anything else. `onMessage` gets every message of the listener, as JSON text. */
  open(onMessage: (raw: string) => void): void;

  /** Announcements and commands, in order with the samples. */
  send(message: AgentMessage): void;

  /** The next samples of a response. They may come faster than they are played. */
  write(responseId: ResponseId, samples: Int16Array): void;

  /** Stops playout and lets go of everything. May be called twice. */
  close(): void;
}
