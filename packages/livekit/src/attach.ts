import type { voice } from '@livekit/agents';
import { type Clock, OncueError } from '@oncue/core';
import { noteAttachment } from '@oncue/core/internal';
import {
  type AttachOptions,
  type CommonOptions,
  checkOptions,
  checkSession,
  isDisabled,
} from './attach_options.ts';
import { AttachedSession } from './attached_session.ts';
import { DisabledSession } from './disabled_session.ts';
import { ROOM_TIMELINE, type RoomOptions, roomListener } from './listeners/room/room_options.ts';
import { memberOf } from './livekit_internals/members.ts';
import { hasStarted } from './livekit_internals/session/session_started.ts';
import { NodeClock } from './node_clock.ts';
import type { OncueSession } from './oncue_session.ts';

const attached = new WeakSet<object>();

/**
 * Attaches Oncue to a session. Call it before `session.start`.
 *
 * In a room, LiveKit then logs a warning that it preserves the existing `output.audio`, which is what is wanted;
 * `session.start({ outputOptions: { audioEnabled: false }, … })` avoids it.
 *
 * If this version of `@livekit/agents` lacks something that Oncue rests on, LiveKit's log gets one warning for each,
 * `ONCUE_LIVEKIT_CHANGED`, and the agent goes on without what needs it. Switched off, it throws nothing.
 *
 * @throws OncueError `ONCUE_ALREADY_ATTACHED` for a second call, `ONCUE_ATTACHED_TOO_LATE` after the start,
 *   `ONCUE_BAD_OPTION` without a listener or for an option out of its range, `ONCUE_FOREIGN_SESSION` for a session of
 *   another copy of `@livekit/agents`.
 */
export function attachOncue<UserData>(
  session: voice.AgentSession<UserData>,
  options: AttachOptions,
): OncueSession {
  // The user's data is never touched, so its type does not matter from here on.
  const plain = session as unknown as voice.AgentSession;
  // Before any check: a switch for emergencies must not throw.
  if (isDisabled(options)) return new DisabledSession(plain, options, clockOf(options));
  checkSession(session);
  if (attached.has(plain)) {
    throw new OncueError(
      'ONCUE_ALREADY_ATTACHED',
      'attachOncue was already called on this session; keep what it returned. After its close(), only a new AgentSession can be attached to',
    );
  }
  if (hasStarted(plain)) {
    throw new OncueError(
      'ONCUE_ATTACHED_TOO_LATE',
      'the session has already started; call attachOncue before session.start()',
    );
  }
  checkOptions(options);
  const clock = options.clock ?? new NodeClock();
  const oncue = attach(plain, options, clock);
  // Not before: after an error the caller may try again.
  attached.add(plain);
  noteAttachment(oncue, plain);
  return oncue;
}

/** Never throws. */
function clockOf(options: unknown): Clock {
  const clock = memberOf(options, 'clock');
  return typeof memberOf(clock, 'nowMs') === 'function' ? (clock as Clock) : new NodeClock();
}

function attach(session: voice.AgentSession, options: AttachOptions, clock: Clock): OncueSession {
  if ('room' in options) return attachToRoom(session, options, clock);
  return new AttachedSession(session, { ...options, clock, inRoom: false });
}

function attachToRoom(
  session: voice.AgentSession,
  options: CommonOptions & RoomOptions,
  clock: Clock,
): OncueSession {
  const timeline = { ...ROOM_TIMELINE, ...options.timeline };
  const listener = roomListener(options, session, clock);
  try {
    const { captions } = listener;
    const more = captions ? { captions } : {};
    return new AttachedSession(session, {
      ...options,
      ...more,
      clock,
      timeline,
      listener,
      inRoom: true,
    });
  } catch (error) {
    // Otherwise a second call would find the track of the first one in the room.
    listener.close();
    throw error;
  }
}
