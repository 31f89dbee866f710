import { attachReporter, type Reporter } from '@oncue/browser/reporter';
import { LogLevel, Room, RoomEvent, setLogLevel } from 'livekit-client';
import { Recorder } from './recorder.ts';
import { workletCost } from './worklet_cost.ts';

// The page of the benchmark "room": a listener as livekit-client makes one, with Oncue's reporter, that plays through
// one context whose output is recorded.

const RATE_HZ = 48_000;
const PING = 'bench.ping';
const PONG = 'bench.pong';
const LOST_AFTER_MS = 2000;

setLogLevel(LogLevel.warn);

let room: Room | undefined;
let recorder: Recorder | undefined;
let reporter: Reporter | undefined;
const errors: string[] = [];
const pongs = new Map<string, () => void>();

async function join(of: { readonly url: string; readonly token: string }): Promise<void> {
  const audioContext = new AudioContext({ sampleRate: RATE_HZ });
  recorder = await Recorder.start(audioContext);
  room = new Room({ webAudioMix: { audioContext } });
  room.on(RoomEvent.TrackSubscribed, (track) => track.attach());
  room.on(RoomEvent.DataReceived, (data, _participant, _kind, topic) => {
    if (topic === PONG) pongs.get(new TextDecoder().decode(data))?.();
  });
  reporter = attachReporter(room, { audioContext, workletUrl: 'reporter.worklet.js' });
  reporter.on('error', (error) => errors.push(String(error)));
  await room.connect(of.url, of.token);
  await reporter.start();
}

/** Pings that may be lost; how long each took there and back, without those that were. */
async function roundTripsMs(of: {
  readonly count: number;
  readonly everyMs: number;
}): Promise<number[]> {
  const trips: Promise<number | undefined>[] = [];
  for (let count = 0; count < of.count; count += 1) {
    trips.push(roundTripMs());
    await new Promise((resolve) => setTimeout(resolve, of.everyMs));
  }
  return (await Promise.all(trips)).filter((tripMs) => tripMs !== undefined);
}

async function roundTripMs(): Promise<number | undefined> {
  const id = crypto.randomUUID();
  const sentAtMs = performance.now();
  const back = new Promise<number | undefined>((resolve) => {
    pongs.set(id, () => resolve(performance.now() - sentAtMs));
    setTimeout(() => resolve(undefined), LOST_AFTER_MS);
  });
  const data = new TextEncoder().encode(id);
  await room?.localParticipant.publishData(data, { reliable: false, topic: PING });
  const tripMs = await back;
  pongs.delete(id);
  return tripMs;
}

const fixture = {
  join,
  leave: async () => {
    reporter?.close();
    await room?.disconnect();
  },
  roundTripsMs,
  workletCost,
  take: (of: { readonly chunks: number }) => recorder?.take(of),
  timeOriginMs: () => performance.timeOrigin,
  view: () => ({ state: reporter?.state, stats: reporter?.stats(), errors }),
};
const benchMessages = { nowEpochMs: () => performance.timeOrigin + performance.now() };

Object.assign(globalThis, { fixture, benchMessages });
