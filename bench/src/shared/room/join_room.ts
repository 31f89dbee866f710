import { Room, RoomEvent } from '@livekit/rtc-node';
import { joinToken, type LivekitServer } from '@oncue/testbed';

/** The identity of the one who listens. */
export const LISTENER = 'listener';

/** Joins a room as an agent's worker does, straight to the server, and answers the page's pings. */
export async function joinRoom(server: LivekitServer, name: string, as: string): Promise<Room> {
  const room = new Room();
  room.on(RoomEvent.DataReceived, (data, _participant, _kind, topic) => {
    if (topic !== 'bench.ping' || as !== 'oncue') return;
    // A pong that cannot be sent is a lost pong.
    room.localParticipant
      ?.publishData(data, { reliable: false, topic: 'bench.pong' })
      .catch(() => {});
  });
  // The transcript of the other agent. Without a handler, each piece of it is logged.
  room.registerTextStreamHandler('lk.transcription', () => {});
  const token = await joinToken(server, { room: name, identity: as });
  await room.connect(server.url, token, { autoSubscribe: true, dynacast: false });
  return room;
}
