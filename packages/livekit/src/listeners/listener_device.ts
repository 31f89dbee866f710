import type { voice } from '@livekit/agents';
import type { AgentMs, CutReach, ResponseId, Unreported } from '@oncue/core';
import type { AgentMessage, GateVerdict } from '@oncue/core/wire';

/**
 * Audio is taken until so much of it waits to be heard [LK20]. More than any answer that is read out, and 3 MB at 24 kHz. The
 * whole audio of an answer should be there early: heard text, hand-over and end are more exact then.
 */
export const MOST_AHEAD_MS = 60_000;

/** What a device's queue reports. */
export interface QueueEvents {
  /** Audio that `write` said leaves at `fromMs` or later leaves `byMs` ms later than that; earlier if negative. */
  queueMoved(fromMs: AgentMs, byMs: number): void;
}

/** What a device's transport reports. */
export interface PathEvents {
  /** The delay to a listener that reports nothing, and the half-width of the interval in which it lies, ms. */
  pathEstimated(delayMs: number, errorBoundMs: number): void;
}

/**
 * Who is there: somebody who can hear; nobody yet, or not any more, and playout waits; or nobody, and playout does not wait.
 */
export type AudiencePresence = 'present' | 'awaited' | 'absent';

/**
 * What happens while no listener is there [AU8]. Whatever happens, what nobody could hear never counts as heard.
 *
 * - `wait_for_first`: playout waits for the first listener, however long, as LiveKit does. After one was there and left, it
 *   waits for `awayAfterMs` and then does as `estimate`.
 * - `wait`: playout stands still until somebody is there, however long.
 * - `skip`: after `awayAfterMs` each response is skipped at once.
 * - `estimate`: after `awayAfterMs` playout goes on in its time, by estimate.
 */
export type WhenNobodyListens = 'wait_for_first' | 'wait' | 'skip' | 'estimate';

/** What a device reports to the session it belongs to. @beta */
export interface ListenerEvents extends QueueEvents, PathEvents {
  /** A message of a listener, as JSON text. `from` distinguishes several listeners. */
  message(raw: string, from?: string): void;
  /** A listener left without a `bye`. */
  gone(from?: string): void;
  /** Who is there, whether it reports or not [AU8]. While somebody is `awaited`, playout stands still [LW3]. */
  audience(presence: AudiencePresence): void;
  /** So many of the audience are there and do not report. None, until this is called. */
  others(count: number): void;
  /** A cut response of which nothing had left [RM9]. No listener needs to report that it heard none of it. */
  neverLeft(responseId: ResponseId): void;
  /** An output took none of the audio of a response, so no report of it will come [TE4]. */
  untaken(responseId: ResponseId): void;
  /**
   * Messages were refused before the gate [LW1]: of somebody who is no listener of this session (the default), too many, or
   * not text. `count`: how many; default 1.
   */
  refused(reason?: 'wrong_listener' | 'too_many' | 'bad_format', count?: number): void;
}

/** What a message amounts to that the gate let through. */
export type AcceptedMessage = Exclude<GateVerdict, { readonly type: 'dropped' | 'known' }>;

/**
 * Where a session's audio goes: a sound device, a page, a room. It takes samples with the response they belong to, and
 * reports in wire messages how much of them was heard.
 *
 * @beta
 */
export interface ListenerDevice {
  /** The rate at which it takes and counts samples, Hz, mono. */
  readonly sampleRateHz: number;

  /** Its clock is the agent's own, so its instants need no mapping. */
  readonly sameClock: boolean;

  /**
   * How long playout stands still while no listener is there, ms; then it goes on, by estimate [LW3]. Default 0: it does
   * not stand still.
   */
  readonly awayAfterMs?: number;

  /** Listeners of this device come and go, and this happens while none is there. Left out: somebody is always there. */
  readonly whenNobodyListens?: WhenNobodyListens;

  /** Whether playout can be paused and resumed. Default `true`; with `false` LiveKit does not try. */
  readonly canPause?: boolean;

  /** What a `clear` reaches at once. Default `'ear'`: the listener holds the buffer. */
  readonly clearReaches?: CutReach;

  /** What a `pause` reaches at once. Default: as `clearReaches`. */
  readonly pauseReaches?: CutReach;

  /** With several listeners: a response is heard when any of them hears it, or all of them. Default `'any'`. */
  readonly quorum?: 'any' | 'all';

  /**
   * What is thought of audio of which no report comes in time. `'not_known'` for a listener that reports each start and each
   * end [AU17]. Default `'estimated'`.
   */
  readonly unreported?: Unreported;

  /** The LiveKit output that it plays through, if any. It gets the session's audio when Oncue is switched off [LK10]. */
  readonly plainOutput?: voice.AudioOutput;

  /**
   * Pings per second at most while a listener is there, 1 to 10. So many while its clock is not known well, and while it
   * reports nothing though something plays; else one. Default 1.
   */
  readonly pingsPerSecond?: number;

  /** Called once, before anything else. */
  open(events: ListenerEvents): void;

  /**
   * A message of a listener was judged, and accepted: what the device has to do for it, before the session acts on it. A
   * message that is refused leads to nothing here [LW12].
   */
  accepted?(verdict: AcceptedMessage, from?: string): void;

  /** Announcements and commands, in order with the samples. `to`: for one of several listeners. */
  send(message: AgentMessage, to?: string): void;

  /**
   * The next samples of a response. They may come faster than they are played.
   *
   * @returns When the first of them leaves the device's queue at the earliest. `undefined`: at once.
   */
  write(responseId: ResponseId, samples: Int16Array): AgentMs | undefined;

  /** How many samples of a response were heard, as far as reports say. Never goes back. */
  heard?(responseId: ResponseId, heardSamples: number): void;

  /**
   * How many samples of a cut response had left. No more than these count as heard, even if a listener that has not received
   * the `clear` reports more. Left out, or `undefined`: not known.
   */
  leftSamples?(responseId: ResponseId): number | undefined;

  /**
   * How much audio of responses that have not ended was written and not heard, as far as reports say, ms. While it is much,
   * the pipeline is held back [LK20]. Left out: as much as plays in the time since it was written.
   */
  waitingMs?(): number;

  /** The words that a carrier says it played of the response that it reported last. It knows them better than an estimate does. */
  transcriptOf?(responseId: ResponseId): string | undefined;

  /** The response has ended for the session, by report or by estimate: nobody waits for the rest of it. */
  settled?(responseId: ResponseId): void;

  /** Stops playout and releases everything. May be called twice. */
  close(): void;
}
