import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ManualClock } from '@oncue/core/testing';
import { afterEach, expect, it } from 'vitest';
import { LocalDevice, OutputListener, SocketListener } from '../../src/index.ts';
import type { ListenerDevice } from '../../src/listeners/listener_device.ts';
import { RoomAudience } from '../../src/listeners/room/room_audience.ts';
import { RoomListener } from '../../src/listeners/room/room_listener.ts';
import { FakePage } from '../support/fake_page.ts';
import { FakeRoom } from '../support/fake_room.ts';
import {
  closeStages,
  FRAME_MS,
  HOUR_MS,
  LongAudioStage,
  RATE_HZ,
  STEP_MS,
} from '../support/long_audio_stage.ts';
import { PlayingOutput } from '../support/playing_output.ts';

const MINUTE_MS = 60_000;
/** From here on memory must not grow: by now as much audio waits as ever will. */
const SETTLED_MS = 10 * MINUTE_MS;
/** A minute of this audio is 0.96 MB, and an hour of it 57.6 MB. */
const MAY_GROW_BYTES = 1_000_000;

afterEach(closeStages);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function memoryBytes(): number {
  for (let time = 0; time < 4; time += 1) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Somebody who listens, and keeps nothing. */
interface Hearing {
  readonly listener: ListenerDevice;
  /** Called twice a second. */
  readonly hears: (stage: LongAudioStage) => void;
}

const SAMPLES_A_STEP = (STEP_MS * RATE_HZ) / 1000;

const LISTENERS: Readonly<Record<string, (clock: ManualClock) => Hearing>> = {
  'a local device': (clock) => ({
    listener: new LocalDevice({ clock, sampleRateHz: RATE_HZ, periodMs: 100 }),
    hears: () => {},
  }),
  'a page on a socket': (clock) => {
    const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
    const page = new FakePage(() => clock.nowMs());
    listener.attachSocket(page);
    let cameSamples = 0;
    let heardSamples = 0;
    return {
      listener,
      hears: ({ id }) => {
        if (cameSamples === 0) page.hello();
        page.messages.length = 0;
        cameSamples += page.frames.splice(0).reduce((sum, one) => sum + one.samples.length, 0);
        heardSamples = Math.min(heardSamples + SAMPLES_A_STEP, cameSamples);
        const isOver = heardSamples === (HOUR_MS * RATE_HZ) / 1000;
        if (heardSamples > 0) page.report(id, heardSamples, isOver ? 'ended' : 'playing');
      },
    };
  },
  'a page in a room': inRoom,
  'an output of LiveKit': (clock) => ({
    listener: new OutputListener(new PlayingOutput(clock), { clock }),
    hears: () => {},
  }),
};

/** A page in a room that reports each half second. */
function inRoom(clock: ManualClock): Hearing {
  const room = new FakeRoom();
  let leftSamples = 0;
  let heardSamples = 0;
  const source = {
    // Takes a frame in the time it lasts.
    captureFrame: ({ samplesPerChannel }: { readonly samplesPerChannel: number }) =>
      new Promise<void>((resolve) => {
        leftSamples += samplesPerChannel;
        clock.schedule((samplesPerChannel * 1000) / RATE_HZ, resolve);
      }),
    clearQueue: () => {},
    close: () => Promise.resolve(),
  };
  const listener = new RoomListener({
    room: room.asRoom,
    track: { source, subscribed: Promise.resolve(), close: () => Promise.resolve() },
    audience: new RoomAudience(room.asRoom, 'linked', () => 'user'),
    clock,
    sampleRateHz: RATE_HZ,
    quorum: 'any',
    awayAfterMs: 5000,
    whenNobodyListens: 'wait_for_first',
    epoch: 'session',
    share: undefined,
  });
  const hears = ({ id }: LongAudioStage): void => {
    const atMs = clock.nowMs() as never;
    if (room.remoteParticipants.size === 0) {
      room.join('user');
      room.say('user', { type: 'hello', evidence: 'device' });
    }
    for (const { message } of room.published.splice(0))
      if (message.type === 'ping')
        room.say('user', {
          type: 'pong',
          pingId: message.pingId,
          receivedAtMs: atMs,
          sentAtMs: atMs,
        });
    heardSamples = Math.min(heardSamples + SAMPLES_A_STEP, leftSamples);
    if (heardSamples === 0) return;
    const phase = heardSamples === (HOUR_MS * RATE_HZ) / 1000 ? 'ended' : 'playing';
    const report = { phase, evidence: 'device', errorBoundMs: 1 } as const;
    const startedAtMs = (atMs - (heardSamples * 1000) / RATE_HZ) as never;
    room.say('user', {
      type: 'playhead',
      responseId: id,
      startedAtMs,
      heardSamples,
      positionAtMs: atMs,
      ...report,
    });
  };
  return { listener, hears };
}

it.each(Object.keys(LISTENERS))(
  '[LK20] an hour of one response through %s is heard whole, and memory does not grow after the first minutes',
  async (name) => {
    const clock = new ManualClock();
    const { listener, hears } = LISTENERS[name]?.(clock) ?? {};
    if (!listener || !hears) throw new Error(`no listener "${name}"`);
    const stage = new LongAudioStage(clock, listener);
    const made = stage.make(HOUR_MS);
    let settledBytes = 0;
    let mostBytes = 0;

    await stage.until(
      () => stage.end !== undefined,
      () => {
        hears(stage);
        if (clock.nowMs() < SETTLED_MS || clock.nowMs() % (5 * MINUTE_MS) !== 0) return;
        const bytes = memoryBytes();
        settledBytes ||= bytes;
        mostBytes = Math.max(mostBytes, bytes);
      },
    );
    await made;

    expect(stage.takenMs).toBe(HOUR_MS);
    expect(stage.end).toMatchObject({ outcome: 'heard', sentMs: HOUR_MS, heardMs: HOUR_MS });
    expect(stage.aheadMs).toBeLessThan(FRAME_MS);
    expect(mostBytes - settledBytes).toBeLessThan(MAY_GROW_BYTES);
  },
  900_000,
);
