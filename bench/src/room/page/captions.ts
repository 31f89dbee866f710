import { type Captions, followCaptions } from '@oncue/browser/captions';
import { attachReporter, type Reporter } from '@oncue/browser/reporter';
import { Pings } from '@oncue/testbed/page/pings';
import { LogLevel, Room, RoomEvent, setLogLevel } from 'livekit-client';
import { installRecorder } from '../../shared/page/output_recorder.ts';

// The page of the benchmark "captions": a listener with Oncue's captions, which notes in each animation frame how many words
// are shown as heard. It plays through one context whose output is recorded.

const RATE_HZ = 48_000;

/** From the frame at `atMs` on, so many words of a response were shown as heard. */
interface Shown {
  readonly responseId: string;
  readonly words: number;
  readonly atMs: number;
}

setLogLevel(LogLevel.warn);

const recorder = installRecorder();
const shown: Shown[] = [];
const frameGapsMs: number[] = [];
const errors: string[] = [];
const pings = new Pings({ ping: 'bench.ping', pong: 'bench.pong' });
let room: Room | undefined;
let reporter: Reporter | undefined;
let captions: Captions | undefined;

async function join(of: { readonly url: string; readonly token: string }): Promise<void> {
  const audioContext = new AudioContext({ sampleRate: RATE_HZ });
  await recorder.prepare(audioContext);
  room = new Room({ webAudioMix: { audioContext } });
  room.on(RoomEvent.TrackSubscribed, (track) => track.attach());
  room.on(RoomEvent.DataReceived, (data, _participant, _kind, topic) => pings.take(topic, data));
  reporter = attachReporter(room, { audioContext, workletUrl: 'reporter.worklet.js' });
  reporter.on('error', (error) => errors.push(String(error)));
  // The agents of the benchmarks join as plain participants.
  captions = followCaptions(room, reporter, { isAgent: () => true });
  requestAnimationFrame(draw);
  await room.connect(of.url, of.token);
  await reporter.start();
}

const words = new Map<string, number>();
let lastFrameMs: number | undefined;

/** As a caption does that is drawn again in each frame. */
function draw(): void {
  const atMs = performance.now();
  if (captions?.playhead() && lastFrameMs !== undefined) frameGapsMs.push(atMs - lastFrameMs);
  lastFrameMs = atMs;
  for (const { id, heardWords } of captions?.responses ?? []) {
    if ((words.get(id) ?? 0) === heardWords) continue;
    words.set(id, heardWords);
    shown.push({ responseId: id, words: heardWords, atMs });
  }
  requestAnimationFrame(draw);
}

const fixture = {
  join,
  roundTripsMs: (of: { readonly count: number; readonly everyMs: number }) =>
    pings.roundTripsMs(room, of),
  captions: () => ({
    shown,
    frameGapsMs,
    ended: captions?.responses.map(({ id, status, heardText }) => ({ id, status, heardText })),
  }),
  view: () => ({ state: reporter?.state, stats: reporter?.stats(), errors }),
};

Object.assign(globalThis, { fixture });
