import type { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import type { ManualClock } from '@oncue/core/testing';
import { type AttachOptions, OutputListener, SocketListener } from '../../src/index.ts';
import { RoomAudience } from '../../src/listeners/room/room_audience.ts';
import { RoomListener } from '../../src/listeners/room/room_listener.ts';
import { FakePage } from './fake_page.ts';
import { FakeRoom } from './fake_room.ts';
import { PlayingOutput } from './playing_output.ts';
import type { SessionRun } from './session_harness.ts';
import { TickingSource } from './ticking_source.ts';

const RATE_HZ = 16_000;

/** One way to attach Oncue, with somebody who listens. */
export interface WayToAttach {
  readonly attach: Partial<AttachOptions>;
  /** What comes after the start. */
  readonly started?: (run: SessionRun) => void;
  /** How much audio has come to where it is played, ms. */
  readonly soundMs: (run: SessionRun) => number;
}

/** Counts what it is given. */
class CountingOutput extends PlayingOutput {
  soundMs = 0;

  override async captureFrame(frame: AudioFrame): Promise<void> {
    this.soundMs += (frame.samplesPerChannel * 1000) / frame.sampleRate;
    await super.captureFrame(frame);
  }
}

/** Every way to attach, by name. */
export const WAYS: Readonly<Record<string, (clock: ManualClock) => WayToAttach>> = {
  local: () => ({ attach: {}, soundMs: (run) => soundIn(run.recorder.samples()) }),
  'socket listener': (clock) => {
    const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
    const page = new FakePage(() => clock.nowMs());
    return {
      attach: { listener },
      started: () => {
        listener.attachSocket(page);
        page.hello();
      },
      soundMs: () => soundIn(page.frames.flatMap(({ samples }) => [...samples])),
    };
  },
  room: (clock) => {
    const room = new FakeRoom();
    const source = new TickingSource(clock, { queueMs: 200, firstTickMs: 3 });
    const listener = new RoomListener({
      room: room.asRoom,
      track: { source, subscribed: Promise.resolve(), close: () => source.close() },
      audience: new RoomAudience(room.asRoom, 'linked', () => 'user'),
      clock,
      sampleRateHz: RATE_HZ,
      quorum: 'any',
      awayAfterMs: 5000,
      whenNobodyListens: 'estimate',
      epoch: 'session',
      share: undefined,
    });
    room.join('user');
    return { attach: { listener }, soundMs: () => soundIn(source.left) };
  },
  'output of LiveKit': (clock) => {
    const output = new CountingOutput(clock);
    return {
      attach: { listener: new OutputListener(output, { clock }) },
      soundMs: () => output.soundMs,
    };
  },
  'followed output': (clock) => {
    const output = new CountingOutput(clock);
    return {
      attach: {},
      started: ({ session }) => {
        session.output.audio = output as voice.AudioOutput;
      },
      soundMs: () => output.soundMs,
    };
  },
};

function soundIn(samples: Iterable<number>): number {
  let count = 0;
  for (const sample of samples) if (sample !== 0) count += 1;
  return (count * 1000) / RATE_HZ;
}
