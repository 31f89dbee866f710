import type { AgentMs, CutReach, ResponseId } from '@oncue/core';
import type { AgentMessage } from '@oncue/core/wire';

/** What a device tells the session it belongs to. */
export interface ListenerEvents {
  /** A message of a listener, as JSON text. `from` tells several apart. */
  message(raw: string, from?: string): void;
  /** A listener is gone without a `bye`. */
  gone(from?: string): void;
  /** Whether anybody can hear what is written; until it can be heard, playout stands still [LW3]. */
  audible(isAudible: boolean): void;
  /** What the transport says of the path to a listener that reports nothing, ms. */
  path(delayMs: number, errorBoundMs: number): void;
  /** What leaves the queue from an instant on does so later than `write` said, ms; below 0: earlier. */
  queueMoved(fromMs: AgentMs, byMs: number): void;
  /** Somebody spoke who is no listener of this session [LW1]. */
  refused(): void;
}

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
  readonly awayAfterMs?: number;

  /** Whether playout can stand still and go on. Default `true`; without it LiveKit does not try. */
  readonly canPause?: boolean;

  /** What a `clear` reaches at once. Default `'ear'`: the listener holds the buffer. */
  readonly clearReaches?: CutReach;

  /** With several listeners, whose ears count: the first that hears something, or the last. Default `'any'`. */
  readonly quorum?: 'any' | 'all';

  /** Pings a second for as long as a listener is there, 1 to 10. Default 1: enough for two clocks on a quiet way. */
  readonly pingsPerSecond?: number;

  /**
   * Called once, before anything else.
   */
  open(session: ListenerEvents): void;

  /** Announcements and commands, in order with the samples. `to`: for one of several listeners. */
  send(message: AgentMessage, to?: string): void;

  /**
   * The next samples of a response. They may come faster than they are played.
   *
   * @returns When the first of them leaves its queue at the earliest; nothing: at once.
   */
  write(responseId: ResponseId, samples: Int16Array): AgentMs | undefined;

  /** So much of a response was heard, as far as all reports tell: never less than before. */
  heard?(responseId: ResponseId, heardSamples: number): void;

  /**
   * Of a response that was cut, how much of it had left: nothing behind that was heard, whatever a listener says to whom
   * the `clear` has not come. Left out, or `undefined`: nothing is known of that.
   */
  leftSamples?(responseId: ResponseId): number | undefined;

  /** The response has ended for the session, however that is known: nobody waits for the rest of it. */
  settled?(responseId: ResponseId): void;

  /** Stops playout and lets go of everything. May be called twice. */
  close(): void;
}
