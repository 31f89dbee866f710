import { attachReporter, type Reporter } from '@oncue/browser/reporter';
import { Pings } from '@oncue/testbed/page/pings';
import { LogLevel, Room, RoomEvent, setLogLevel } from 'livekit-client';
import { installRecorder } from '../../shared/page/output_recorder.ts';
import { workletCost } from './worklet_cost.ts';

// The page of the benchmark "room": a listener as livekit-client makes one, with Oncue's reporter, that plays through
// one context whose output is recorded.

const RATE_HZ = 48_000;

setLogLevel(LogLevel.warn);

const recorder = installRecorder();
let room: Room | undefined;
let reporter: Reporter | undefined;
const errors: string[] = [];
const pings = new Pings({ ping: 'bench.ping', pong: 'bench.pong' });

async function join(of: { readonly url: string; readonly token: string }): Promise<void> {
  const audioContext = new AudioContext({ sampleRate: RATE_HZ });
  await recorder.prepare(audioContext);
  room = new Room({ webAudioMix: { audioContext } });
  room.on(RoomEvent.TrackSubscribed, (track) => track.attach());
  room.on(RoomEvent.DataReceived, (data, _participant, _kind, topic) => pings.take(topic, data));
  reporter = attachReporter(room, { audioContext, workletUrl: 'reporter.worklet.js' });
  reporter.on('error', (error) => errors.push(String(error)));
  await room.connect(of.url, of.token);
  await reporter.start();
}

const fixture = {
  join,
  leave: async () => {
    reporter?.close();
    await room?.disconnect();
  },
  roundTripsMs: (of: { readonly count: number; readonly everyMs: number }) =>
    pings.roundTripsMs(room, of),
  workletCost,
  view: () => ({ state: reporter?.state, stats: reporter?.stats(), errors }),
};

Object.assign(globalThis, { fixture });
