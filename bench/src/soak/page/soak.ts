import { followCaptions } from '@oncue/browser/captions';
import { attachReporter, type Reporter } from '@oncue/browser/reporter';
import { LogLevel, Room, RoomEvent, setLogLevel } from 'livekit-client';

// The page of the benchmark "soak" in a room: a listener with the reporter and captions. It records nothing, so that what it
// holds is what an application's page holds.

setLogLevel(LogLevel.warn);

let reporter: Reporter | undefined;

async function join({
  url,
  token,
}: {
  readonly url: string;
  readonly token: string;
}): Promise<void> {
  const room = new Room();
  room.on(RoomEvent.TrackSubscribed, (track) => track.attach());
  reporter = attachReporter(room, { workletUrl: 'reporter.worklet.js' });
  // The agents of the benchmarks join as plain participants.
  const captions = followCaptions(room, reporter, { isAgent: () => true });
  const draw = (): void => {
    captions.playhead();
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
  await room.connect(url, token);
  await reporter.start();
}

Object.assign(globalThis, { fixture: { join, state: () => reporter?.state } });
