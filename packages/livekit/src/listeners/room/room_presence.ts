import type { Clock } from '@oncue/core';
import type { AudiencePresence, WhenNobodyListens } from '../listener_device.ts';

/** A reporter says `hello` within this time after its participant joined, or the participant has none. */
const HELLO_WAIT_MS = 1500;

/**
 * Whether the audience can hear the agent's track. Audio leaves only while it is `audible`.
 *
 * - `awaited`: nobody has subscribed yet.
 * - `audible`: somebody can hear it.
 * - `away`: the last listener left, or the source refused audio.
 * - `returning`: somebody joined while it was `away`; playout waits for the `hello` of that page.
 * - `unattended`: nobody is there, and nobody is waited for any longer.
 */
export type Presence = 'awaited' | 'audible' | 'away' | 'returning' | 'unattended';

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
  awaited: {
    subscribed: 'audible',
    hello: 'audible',
    source_failed: 'away',
    wait_over: 'unattended',
  },
  audible: { last_left: 'away', source_failed: 'away' },
  away: {
    subscribed: 'audible',
    hello: 'audible',
    joined: 'returning',
    last_left: 'away',
    source_failed: 'away',
    wait_over: 'unattended',
  },
  returning: {
    subscribed: 'audible',
    hello: 'audible',
    last_left: 'away',
    source_failed: 'away',
    wait_over: 'audible',
  },
  unattended: {
    subscribed: 'audible',
    hello: 'audible',
    joined: 'returning',
    source_failed: 'away',
  },
};

/** What a presence works with. */
export interface RoomPresencePort {
  readonly clock: Clock;
  /** How long `away` lasts, ms [LW3]. */
  readonly awayAfterMs: number;
  readonly whenNobodyListens: WhenNobodyListens;
  /** Whether a listener is in the room: the source may refuse audio while somebody is there. */
  readonly isAnyoneThere: () => boolean;
  /** Called with each change. Not called for the first state. */
  readonly changed: (presence: AudiencePresence) => void;
}

/** Follows whether somebody in the room can hear the agent [LW3]. */
export class RoomPresence {
  readonly #port: RoomPresencePort;
  #state: Presence = 'awaited';
  #closed = false;
  #cancelWait: (() => void) | undefined;

  constructor(port: RoomPresencePort) {
    this.#port = port;
    this.#waitInState();
  }

  get state(): Presence {
    return this.#state;
  }

  take(event: PresenceEvent): void {
    const planned = TRANSITIONS[this.#state][event];
    if (this.#closed || planned === undefined) return;
    if (event === 'wait_over' && this.#limitMs === undefined) return;
    const before = presenceOf(this.#state);
    // The source refused audio for a while, and somebody is there all the same.
    const isAttended = this.#state === 'away' && this.#port.isAnyoneThere();
    this.#state = planned === 'unattended' && isAttended ? 'audible' : planned;
    this.#cancelWait?.();
    this.#waitInState();
    const presence = presenceOf(this.#state);
    if (presence !== before) this.#port.changed(presence);
  }

  close(): void {
    this.#closed = true;
    this.#cancelWait?.();
  }

  /** How long the state lasts at most, ms. */
  get #limitMs(): number | undefined {
    const { awayAfterMs, whenNobodyListens, isAnyoneThere } = this.#port;
    switch (this.#state) {
      case 'awaited':
        return ['wait_for_first', 'wait'].includes(whenNobodyListens) ? undefined : awayAfterMs;
      case 'away':
        return whenNobodyListens === 'wait' && !isAnyoneThere() ? undefined : awayAfterMs;
      case 'returning':
        return HELLO_WAIT_MS;
      default:
        return undefined;
    }
  }

  #waitInState(): void {
    const limitMs = this.#limitMs;
    if (limitMs === undefined) return;
    this.#cancelWait = this.#port.clock.schedule(limitMs, () => this.take('wait_over'));
  }
}

function presenceOf(state: Presence): AudiencePresence {
  if (state === 'audible') return 'present';
  return state === 'unattended' ? 'absent' : 'awaited';
}
