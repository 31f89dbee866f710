import type { InternalFact } from '../internal_fact.ts';

/** The link between a session and its room. It knows the participant that the session is linked to. */
export const ROOM_IO: InternalFact = {
  name: 'AgentSession._roomIO',
  source: 'voice/agent_session.ts, voice/room_io/room_io.ts',
  lost: "the audience 'linked' means the first participant in the room, and pages cannot join a response to its transcript",
};

/** What is used of LiveKit's `RoomIO`. */
export interface RoomIO {
  readonly isParticipantAvailable?: boolean;
  readonly linkedParticipant?: { readonly identity: string } | undefined;
  readonly transcriptionOutput?: unknown;
}

/** Whether the session has a place for its `RoomIO`. It is filled at `session.start`. */
export function hasRoomIO(session: object): session is { readonly _roomIO?: RoomIO } {
  return '_roomIO' in session;
}

/** The session's `RoomIO`, once it has been started in a room. */
export function roomIOOf(session: object): RoomIO | undefined {
  return hasRoomIO(session) ? session._roomIO : undefined;
}

/**
 * Who the session is linked to. A participant who left stays the linked one: LiveKit links no other in its place.
 *
 * @returns A function that gives the identity, or `undefined` before somebody is linked.
 */
export function linkedIdentity(session: object): () => string | undefined {
  let last: string | undefined;
  return () => {
    const io = roomIOOf(session);
    if (io?.isParticipantAvailable) last = io.linkedParticipant?.identity;
    return last;
  };
}
