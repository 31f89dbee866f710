import { type Captions, captionParts, followCaptions } from '@oncue/browser/captions';
import { attachReporter } from '@oncue/browser/reporter';
import { LogLevel, type RemoteTrack, Room, RoomEvent, setLogLevel, Track } from 'livekit-client';

// A page with captions and without a framework. It notes the most words that each response ever showed as heard.

setLogLevel(LogLevel.error);

const events: string[] = [];
const most = new Map<string, number>();
const texts = new Set<string>();
let captions: Captions | undefined;
let heard: RemoteTrack | undefined;

async function join(of: { readonly url: string; readonly token: string }): Promise<void> {
  const room = new Room();
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind !== Track.Kind.Audio) return;
    heard = track;
    document.body.append(track.attach());
  });
  const reporter = attachReporter(room);
  captions = followCaptions(room, reporter);
  for (const type of ['response_started', 'response_finished', 'response_cut'] as const)
    captions.on(type, ({ response }) => events.push(`${type} ${response.id}`));
  captions.on('message_dropped', (reason) => events.push(`dropped ${reason}`));
  requestAnimationFrame(draw);
  await room.connect(of.url, of.token);
}

function draw(): void {
  captions?.playhead();
  for (const response of captions?.responses ?? []) {
    most.set(response.id, Math.max(most.get(response.id) ?? 0, response.heardWords));
    if (response.status === 'playing') texts.add(captionParts(response).spoken);
  }
  requestAnimationFrame(draw);
}

const view = (): object => ({
  responses: captions?.responses ?? [],
  agentState: captions?.agentState,
  events,
  most: Object.fromEntries(most),
  texts: [...texts],
});

/** How far the captions are, and how far the packets of the track that the browser has played, each in ms. */
const places = (): object => ({
  heardMs: captions?.playhead()?.heardMs,
  packetMs: (heard?.receiver?.getSynchronizationSources()[0]?.rtpTimestamp ?? Number.NaN) / 48,
});

Object.assign(globalThis, { fixture: { join, view, places } });
