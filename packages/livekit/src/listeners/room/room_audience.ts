import { voice } from '@livekit/agents';
import type { RemoteParticipant, Room } from '@livekit/rtc-node';
import { OncueError } from '@oncue/core';
import { publishesForAgent } from '../../livekit_internals/output/publishes_for_agent.ts';

/**
 * Which participants of a room are listeners.
 *
 * - `'linked'`: the participant that the session is linked to.
 * - `{ identity }`: the participant with this identity.
 * - `'any'`: all of them; a response is heard when the first of them hears it.
 * - `'all'`: all of them; a response is heard when all that report have heard it.
 */
export type Audience = 'linked' | { readonly identity: string } | 'any' | 'all';

/** Which participants of a room are listeners of a session. */
export class RoomAudience {
  readonly #room: Room;
  readonly #audience: Audience;
  readonly #linkedIdentity: () => string | undefined;

  /**
   * @param linkedIdentity - whom the session is linked to, once it is.
   * @throws OncueError `ONCUE_BAD_OPTION` for anything else than an `Audience`.
   */
  constructor(room: Room, audience: Audience, linkedIdentity: () => string | undefined) {
    const named = typeof audience === 'object' && audience !== null ? audience.identity : audience;
    const isKnown =
      named === audience
        ? ['linked', 'any', 'all'].includes(named)
        : typeof named === 'string' && named !== '';
    if (!isKnown) {
      throw new OncueError(
        'ONCUE_BAD_OPTION',
        "audience must be 'linked', 'any', 'all' or { identity: '…' }",
      );
    }
    this.#room = room;
    this.#audience = audience;
    this.#linkedIdentity = linkedIdentity;
  }

  includes(participant: RemoteParticipant): boolean {
    if (typeof this.#audience === 'object') return participant.identity === this.#audience.identity;
    if (!isHuman(participant)) return false;
    if (this.#audience !== 'linked') return true;
    // One who has just left, and with whom nobody is left, was the first.
    const linked = this.#linkedIdentity() ?? this.#firstIdentity ?? participant.identity;
    return participant.identity === linked;
  }

  /** The listeners that are in the room now. */
  get present(): readonly RemoteParticipant[] {
    return [...this.#room.remoteParticipants.values()].filter((one) => this.includes(one));
  }

  /** Whom the session will be linked to. */
  get #firstIdentity(): string | undefined {
    return [...this.#room.remoteParticipants.values()].find(isHuman)?.identity;
  }
}

/** Whether LiveKit would link a session to this participant, unless the application names another kind. */
function isHuman(participant: RemoteParticipant): boolean {
  if (publishesForAgent(participant)) return false;
  const { kind } = participant.info;
  return kind === undefined || voice.DEFAULT_PARTICIPANT_KINDS.includes(kind);
}
