import { ParticipantKind, type RemoteParticipant, type Room } from '@livekit/rtc-node';
import { OncueError } from '@oncue/core';

/**
 * Which participants of a room are listeners.
 *
 * - `'linked'`: the participant that the session is linked to.
 * - `{ identity }`: the participant with this identity.
 * - `'any'`: all of them; a response is heard when the first of them hears it.
 * - `'all'`: all of them; a response is heard when all that report have heard it.
 */
export type Audience = 'linked' | { readonly identity: string } | 'any' | 'all';

/** Kinds of participants that count unless one is named (`voice/room_io/room_io.ts`, DEFAULT_PARTICIPANT_KINDS). */
const HUMAN_KINDS: readonly (ParticipantKind | undefined)[] = [
  undefined,
  ParticipantKind.STANDARD,
  ParticipantKind.SIP,
  ParticipantKind.CONNECTOR,
];

/** Set on a participant that publishes for an agent, which is no listener (`constants.ts`, ATTRIBUTE_PUBLISH_ON_BEHALF). */
const PUBLISH_ON_BEHALF = 'lk.publish_on_behalf';

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
    const linked = this.#linkedIdentity() ?? this.#firstIdentity;
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

function isHuman(participant: RemoteParticipant): boolean {
  if (participant.attributes?.[PUBLISH_ON_BEHALF] !== undefined) return false;
  return HUMAN_KINDS.includes(participant.info.kind);
}
