import { ParticipantKind, type RemoteParticipant, type Room } from '@livekit/rtc-node';
import { OncueError } from '@oncue/core';

/**
 * Whose ears count in a room. `'linked'`: of the participant that the session is linked to. `identity`: of that one.
 * `'any'`: a response is heard when the first participant hears it. `'all'`: when all do that report.
 */
export type Audience = 'linked' | { readonly identity: string } | 'any' | 'all';

/** Participants that can be meant when nobody is named (`voice/room_io/room_io.ts`, DEFAULT_PARTICIPANT_KINDS). */
const HUMAN_KINDS: readonly (ParticipantKind | undefined)[] = [
  undefined,
  ParticipantKind.STANDARD,
  ParticipantKind.SIP,
  ParticipantKind.CONNECTOR,
];

/** Publishes for an agent, so it is no listener (`constants.ts`, ATTRIBUTE_PUBLISH_ON_BEHALF). */
const PUBLISH_ON_BEHALF = 'lk.publish_on_behalf';

/** Which participants of a room are listeners of a session. */
export class RoomAudience {
  readonly #room: Room;
  readonly #audience: Audience;
  readonly #linkedIdentity: () => string | undefined;

  /**
   * @param linkedIdentity - whom the session is linked to, once it is.
   * @throws OncueError `ONCUE_BAD_OPTION` for an audience that is none.
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

  /** Those that are in the room now. */
  get present(): readonly RemoteParticipant[] {
    return [...this.#room.remoteParticipants.values()].filter((one) => this.includes(one));
  }

  /** Before the session is linked: whom it will be linked to. */
  get #firstIdentity(): string | undefined {
    return [...this.#room.remoteParticipants.values()].find(isHuman)?.identity;
  }
}

function isHuman(participant: RemoteParticipant): boolean {
  if (participant.attributes?.[PUBLISH_ON_BEHALF] !== undefined) return false;
  return HUMAN_KINDS.includes(participant.info.kind);
}
