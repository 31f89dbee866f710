import type { Clock } from '@oncue/core';

/** A reporter says `hello` within this time after its participant joined, or the participant has none. */
const HELLO_WAIT_MS = 1500;

/**
 * Whether the audience can hear the agent's track. Audio leaves only while it is `audible`.
 *
 * - `awaited`: nobody has subscribed yet.
 * - `audible`: somebody can hear it, or nobody is waited for any longer.
 * - `away`: the last listener left, or the source refused audio.
 * - `returning`: somebody joined while it was `away`; playout waits for the `hello` of that page.
 */
export type Presence = 'awaited' | 'audible' | 'away' | 'returning';

/** What changes the presence. `wait_over`: a state with a time limit has reached it. */
export type PresenceEvent =
  | 'subscribed'
  | 'hello'
  | 'joined'
  | 'last_left'
  | 'source_failed'
  | 'wait_over';

/** The next state; where there is none, the event changes nothing. A state that is entered again waits anew. */
const TRANSITIONS: Record<Presence, Partial<Record<PresenceEvent, Presence>>> = {
  awaited: { subscribed: 'audible', hello: 'audible', source_failed: 'away' },
  audible: { last_left: 'away', source_failed: 'away' },
  away: {
    subscribed: 'audible',
    hello: 'audible',
    joined: 'returning',
    last_left: 'away',
    source_failed: 'away',
    wait_over: 'audible',
  },
  returning: {
    subscribed: 'audible',
    hello: 'audible',
    last_left: 'away',
    source_failed: 'away',
    wait_over: 'audible',
  },
};

/** What a presence works with. */
export interface RoomPresencePort {
  readonly clock: Clock;
  /** How long `away` lasts, ms [LW3]. */
  readonly awayAfterMs: number;
  /** It became audible, or ceased to be. Not called for the first state. */
  readonly changed: (isAudible: boolean) => void;
}

/** Follows whether somebody in the room can hear the agent, and never waits for ever [LW3]. */
export class RoomPresence {
  readonly #port: RoomPresencePort;
  #state: Presence = 'awaited';
  #closed = false;
  #cancelWait: (() => void) | undefined;

  constructor(port: RoomPresencePort) {
    this.#port = port;
  }

  get state(): Presence {
    return this.#state;
  }

  take(event: PresenceEvent): void {
    const next = TRANSITIONS[this.#state][event];
    if (this.#closed || next === undefined) return;
    const wasAudible = this.#state === 'audible';
    this.#cancelWait?.();
    this.#state = next;
    const isAudible = next === 'audible';
    if (!isAudible) this.#waitInState();
    if (isAudible !== wasAudible) this.#port.changed(isAudible);
  }

  close(): void {
    this.#closed = true;
    this.#cancelWait?.();
  }

  #waitInState(): void {
    const { clock, awayAfterMs } = this.#port;
    const waitMs = this.#state === 'returning' ? HELLO_WAIT_MS : awayAfterMs;
    this.#cancelWait = clock.schedule(waitMs, () => this.take('wait_over'));
  }
}
