import { LogLevel, type RemoteTrack, Room, RoomEvent, setLogLevel, Track } from 'livekit-client';
import { Pings } from './pings.ts';

// The page of the room tests: a livekit-client listener that plays through an AudioContext and records what it received.

const RATE_HZ = 48_000;

interface Message {
  readonly topic: string;
  readonly text: string;
  readonly from: string;
}

/** A sound: loud samples with at most 100 ms of quiet between them. Instants in ms since 1970. */
interface Sound {
  /** When its first loud sample leaves the loudspeaker, according to `getOutputTimestamp`. */
  readonly startsAtMs: number;
  /** When the page noticed it. */
  readonly knownAtMs: number;
  /** When its last loud sample leaves the loudspeaker. Missing while the sound lasts. */
  endsAtMs?: number;
}

setLogLevel(LogLevel.warn);

const messages: Message[] = [];
const sounds: Sound[] = [];
const pings = new Pings({ ping: 'ping', pong: 'pong' });
let room: Room | undefined;
let tracks = 0;

const nowMs = (): number => performance.timeOrigin + performance.now();

async function join(of: { readonly url: string; readonly token: string }): Promise<void> {
  const audioContext = new AudioContext({ sampleRate: RATE_HZ });
  await audioContext.audioWorklet.addModule('level.worklet.js');
  room = new Room({ webAudioMix: { audioContext } });
  room.on(RoomEvent.TrackSubscribed, (track) => play(track, audioContext));
  room.on(RoomEvent.DataReceived, (data, participant, _kind, topic = '') => {
    if (pings.take(topic, data)) return;
    const text = new TextDecoder().decode(data);
    messages.push({ topic, text, from: participant?.identity ?? '' });
  });
  await room.connect(of.url, of.token);
}

function play(track: RemoteTrack, audioContext: AudioContext): void {
  if (track.kind !== Track.Kind.Audio) return;
  const level = new AudioWorkletNode(audioContext, 'level');
  level.port.onmessage = ({ data }: MessageEvent<readonly number[]>) => {
    const [firstMs, lastMs] = data.map((contextS) => soundsAtMs(audioContext, contextS));
    const open = sounds.at(-1);
    if (lastMs !== undefined && open) open.endsAtMs = lastMs;
    else if (firstMs !== undefined) sounds.push({ startsAtMs: firstMs, knownAtMs: nowMs() });
  };
  (track as RemoteTrack & { setWebAudioPlugins(nodes: AudioNode[]): void }).setWebAudioPlugins([
    level,
  ]);
  track.attach();
  tracks += 1;
}

/** When a sample at this context time leaves the loudspeaker, in ms since 1970. */
function soundsAtMs(audioContext: AudioContext, contextS: number): number {
  const { contextTime = 0, performanceTime = 0 } = audioContext.getOutputTimestamp();
  return performance.timeOrigin + performanceTime + (contextS - contextTime) * 1000;
}

async function send(of: { readonly topic: string; readonly text: string }): Promise<void> {
  const data = new TextEncoder().encode(of.text);
  await room?.localParticipant.publishData(data, { reliable: true, topic: of.topic });
}

const roundTripsMs = (of: {
  readonly count: number;
  readonly everyMs: number;
}): Promise<number[]> => pings.roundTripsMs(room, of);
const view = (): object => ({ state: room?.state ?? 'new', tracks, messages, sounds });
const leave = async (): Promise<void> => await room?.disconnect();

Object.assign(globalThis, { fixture: { join, leave, nowMs, roundTripsMs, send, view } });
