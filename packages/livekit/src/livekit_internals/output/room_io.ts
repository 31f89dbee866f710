import type { InternalFact } from '../internal_fact.ts';
import { lackOf, memberOf, type Shape } from '../members.ts';

/** The link between a session and its room. It knows the participant that the session is linked to. */
export const ROOM_IO: InternalFact = {
  name: 'AgentSession._roomIO, with isParticipantAvailable, linkedParticipant and transcriptionOutput',
  source: 'voice/agent_session.ts, voice/room_io/room_io.ts',
  lost: "the audience 'linked' means the first participant in the room, and pages cannot join a response to its transcript",
};

const ROOM_IO_SHAPE: Shape = {
  isParticipantAvailable: 'boolean',
  linkedParticipant: 'any',
  transcriptionOutput: 'any',
};

/** Whether the session has a place for its `RoomIO`. It is filled at `session.start`. */
export function hasRoomIO(session: object): boolean {
  return '_roomIO' in session;
}

/** The first member of the session's `RoomIO` that is not as Oncue knows it; none before the session has one. */
export function lackOfRoomIO(session: object): string | undefined {
  const io = memberOf(session, '_roomIO');
  return io === undefined ? undefined : lackOf(io, ROOM_IO_SHAPE);
}

/** The output of the transcript in the session's room; `undefined` before the session has been started in one. */
export function transcriptionOutputOf(session: object): unknown {
  return memberOf(memberOf(session, '_roomIO'), 'transcriptionOutput');
}

/**
 * Who the session is linked to. A participant who left stays the linked one: LiveKit links no other in its place.
 *
 * @returns A function that gives the identity, or `undefined` before somebody is linked.
 */
export function linkedIdentity(session: object): () => string | undefined {
  let last: string | undefined;
  return () => {
    const io = memberOf(session, '_roomIO');
    if (memberOf(io, 'isParticipantAvailable') !== true) return last;
    const identity = memberOf(memberOf(io, 'linkedParticipant'), 'identity');
    last = typeof identity === 'string' ? identity : undefined;
    return last;
  };
}
