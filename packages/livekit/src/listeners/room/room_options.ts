import { randomUUID } from 'node:crypto';
import type { voice } from '@livekit/agents';
import type { Room } from '@livekit/rtc-node';
import { type Clock, OncueError, type TimelineOptions } from '@oncue/core';
import { isSpeechBandRate } from '@oncue/core/wire';
import { type Audience, RoomAudience } from './room_audience.ts';
import { RoomListener } from './room_listener.ts';
import { USUAL_BOUND_MS, USUAL_DELAY_MS } from './room_path.ts';
import { QUEUE_MS } from './room_sender.ts';
import { publishTrack } from './room_track.ts';

/** How Oncue plays into a room. */
export interface RoomOptions {
  /** The room that `session.start` gets as well. It need not be connected yet. */
  readonly room: Room;
  /** Whose ears count. Default `'linked'`: the participant the session is linked to. */
  readonly audience?: Audience;
  /** Of the track: 8000, 16000, 24000 or 48000. Default 24000, as LiveKit's own output. */
  readonly sampleRateHz?: number;
  /**
   * How long playout stands still when the last listener has left, ms ≥ 0 [LW3]. Default 5000. LiveKit closes a session
   * when its participant leaves, unless `inputOptions.closeOnDisconnect` is `false`.
   */
  readonly awayAfterMs?: number;
}

/** What holds in a room unless the user says otherwise. */
export const ROOM_TIMELINE: Partial<TimelineOptions> = {
  estimateDelayMs: USUAL_DELAY_MS,
  estimateErrorBoundMs: USUAL_BOUND_MS,
  // A start is known 150 ms after its sound and comes back over the network: with 100 ms each way the usual patience of
  // 500 ms was too short for the first one, of which nothing was known before.
  reportTimeoutMs: 800,
  // What was on its way has to sound before it can be told.
  cutReportTimeoutMs: 1000,
  // More than any jitter buffer moves at once on a network that can be talked over.
  followPathWithinMs: 400,
};

/** @throws OncueError `ONCUE_BAD_OPTION` for an option out of its range. */
export function roomListener(
  options: RoomOptions,
  session: voice.AgentSession,
  clock: Clock,
): RoomListener {
  const { room, audience = 'linked', sampleRateHz = 24_000, awayAfterMs = 5000 } = options;
  if (typeof room?.on !== 'function')
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      'room must be the Room of @livekit/rtc-node that session.start gets, for example ctx.room',
    );
  if (!(isSpeechBandRate(sampleRateHz) && sampleRateHz <= 48_000 && awayAfterMs >= 0))
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      `sampleRateHz is ${sampleRateHz}, awayAfterMs ${awayAfterMs}; they must be 8000, 16000, 24000 or 48000, and at least 0`,
    );
  return new RoomListener({
    room,
    audience: new RoomAudience(room, audience, linkedIdentity(session)),
    track: publishTrack(room, sampleRateHz, QUEUE_MS),
    clock,
    sampleRateHz,
    quorum: audience === 'all' ? 'all' : 'any',
    awayAfterMs,
    epoch: randomUUID(),
  });
}

/** Who the session is linked to. One who left stays meant: LiveKit links no other in his place. */
function linkedIdentity(session: voice.AgentSession): () => string | undefined {
  let last: string | undefined;
  return () => {
    const io = session._roomIO;
    if (io?.isParticipantAvailable) last = io.linkedParticipant?.identity;
    return last;
  };
}
