import { log } from '@livekit/agents';
import {
  AudioSource,
  ConnectionState,
  LocalAudioTrack,
  type Room,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import type { FrameSource } from './source_queue.ts';

/** The agent's audio track in a room. */
export interface RoomTrack {
  readonly source: FrameSource;
  /** Fulfilled at the first subscription. Never rejected. */
  readonly subscribed: Promise<void>;
  close(): Promise<void>;
}

/** Publishes a track like LiveKit's own output (`voice/room_io/_output.ts`), as soon as the room is connected. */
export function publishTrack(room: Room, sampleRateHz: number, queueMs: number): RoomTrack {
  const source = new AudioSource(sampleRateHz, 1, queueMs);
  const track = LocalAudioTrack.createAudioTrack('roomio_audio', source);
  const closing = new AbortController();
  return {
    source,
    subscribed: publish(room, track, closing.signal).catch((error: unknown) => {
      // Without a track nobody ever subscribes. LiveKit's own output does not throw either.
      if (!closing.signal.aborted) log().error({ error }, 'oncue: the track was not published');
      return new Promise<void>(() => {});
    }),
    close: async () => {
      closing.abort();
      const { sid } = track;
      // A page that joins later must not mistake it for the track of a running session. A room that was left has no tracks.
      if (sid && room.isConnected)
        await room.localParticipant?.unpublishTrack(sid, false).catch(() => {});
      await source.close();
    },
  };
}

async function publish(room: Room, track: LocalAudioTrack, closing: AbortSignal): Promise<void> {
  await connected(room, closing);
  if (closing.aborted) return await new Promise<void>(() => {});
  const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
  const publication = await room.localParticipant?.publishTrack(track, options);
  await publication?.waitForSubscription();
}

function connected(room: Room, closing: AbortSignal): Promise<void> {
  if (room.isConnected) return Promise.resolve();
  return new Promise((resolve) => {
    const look = (state: ConnectionState): void => {
      if (state !== ConnectionState.CONN_CONNECTED) return;
      room.off(RoomEvent.ConnectionStateChanged, look);
      resolve();
    };
    room.on(RoomEvent.ConnectionStateChanged, look);
    closing.addEventListener('abort', () => room.off(RoomEvent.ConnectionStateChanged, look));
  });
}
