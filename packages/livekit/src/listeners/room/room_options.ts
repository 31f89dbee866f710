import { randomUUID } from 'node:crypto';
import type { Room } from '@livekit/rtc-node';
import { type Clock, OncueError, type TimelineOptions } from '@oncue/core';
import { isSpeechBandRate } from '@oncue/core/wire';
import { linkedIdentity } from '../../livekit_internals/output/room_io.ts';
import { checkedShare, type ShareWithPage } from '../captions/share_options.ts';
import type { WhenNobodyListens } from '../listener_device.ts';
import { checkedPolicy } from '../nobody_policy.ts';
import { type Audience, RoomAudience } from './room_audience.ts';
import { RoomListener } from './room_listener.ts';
import { USUAL_BOUND_MS, USUAL_DELAY_MS } from './room_path.ts';
import { QUEUE_MS } from './room_sender.ts';
import { publishTrack } from './room_track.ts';

/** How Oncue plays in a room. */
export interface RoomOptions {
  /** The same room that `session.start` gets. It need not be connected yet. */
  readonly room: Room;
  /** Which participants are listeners. Default `'linked'`: the one that the session is linked to. */
  readonly audience?: Audience;
  /** Sample rate of the track: 8000, 16000, 24000 or 48000 Hz. Default 24000, as in LiveKit's own output. */
  readonly sampleRateHz?: number;
  /**
   * How long playout stands still after the last listener left, ms ≥ 0; then it goes on, by estimate [LW3]. Default 5000.
   * LiveKit closes a session when its participant leaves, unless `inputOptions.closeOnDisconnect` is `false`.
   */
  readonly awayAfterMs?: number;
  /** What happens while no listener is in the room [AU8]. Default `'wait_for_first'`, as LiveKit does. */
  readonly whenNobodyListens?: WhenNobodyListens;
  /** What pages that report are sent of the responses, for captions [CP1]. Default: nothing. */
  readonly shareWithPage?: ShareWithPage;
}

/** Defaults of the timeline in a room. */
export const ROOM_TIMELINE: Omit<TimelineOptions, 'stallTimeoutMs'> = {
  estimateDelayMs: USUAL_DELAY_MS,
  estimateErrorBoundMs: USUAL_BOUND_MS,
  // A page knows a start when it has heard the whole first fingerprint, and its report crosses the network. With 100 ms each
  // way the default of 500 ms was too short for the first start, before the path is known.
  reportTimeoutMs: 800,
  // Audio that left before a cut has to sound before it can be reported.
  cutReportTimeoutMs: 1000,
  // More than any jitter buffer moves at once on a network that is good enough for a conversation.
  maxPathDriftMs: 400,
};

/** @throws OncueError `ONCUE_BAD_OPTION` for an option out of its range. */
export function roomListener(
  options: RoomOptions & { readonly timeline?: Partial<TimelineOptions> },
  session: object,
  clock: Clock,
): RoomListener {
  const { room, audience = 'linked', sampleRateHz = 24_000, awayAfterMs = 5000 } = options;
  if (typeof room?.on !== 'function')
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      'room must be the Room of @livekit/rtc-node that session.start gets, for example ctx.room',
    );
  if (!(isSpeechBandRate(sampleRateHz) && sampleRateHz <= 48_000))
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      `sampleRateHz is ${sampleRateHz}; give 8000, 16000, 24000 or 48000`,
    );
  if (!(awayAfterMs >= 0))
    throw new OncueError('ONCUE_BAD_OPTION', `awayAfterMs is ${awayAfterMs}; give it ms ≥ 0`);
  const share = checkedShare(options.shareWithPage);
  const { estimateDelayMs: delayMs, estimateErrorBoundMs: errorBoundMs } = {
    ...ROOM_TIMELINE,
    ...options.timeline,
  };
  return new RoomListener({
    usualPath: { delayMs, errorBoundMs },
    room,
    audience: new RoomAudience(room, audience, linkedIdentity(session)),
    track: publishTrack(room, sampleRateHz, QUEUE_MS),
    clock,
    sampleRateHz,
    quorum: audience === 'all' ? 'all' : 'any',
    awayAfterMs,
    whenNobodyListens: checkedPolicy(options.whenNobodyListens ?? 'wait_for_first'),
    epoch: randomUUID(),
    share,
  });
}
