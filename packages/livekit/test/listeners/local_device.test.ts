import type { ResponseId } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import type { ListenerMessage } from '@oncue/core/wire';
import { describe, expect, it } from 'vitest';
// Not imported from the index, which loads LiveKit.
import {
  LocalDevice,
  type LocalDeviceOptions,
  type RenderedBlock,
} from '../../src/listeners/local/local_device.ts';
import { WavRecorder } from '../../src/listeners/local/wav_recorder.ts';

const A = 'a' as ResponseId;
const B = 'b' as ResponseId;

/** A device at 8 samples a ms: a block every 10 ms (80 samples), heard 20 ms after it is taken. */
class Rig {
  readonly clock = new ManualClock();
  readonly blocks: RenderedBlock[] = [];
  readonly sent: { readonly atMs: number; readonly message: ListenerMessage }[] = [];
  readonly recorder = new WavRecorder(8000);
  readonly device: LocalDevice;

  constructor(options: LocalDeviceOptions = {}) {
    this.device = new LocalDevice({
      clock: this.clock,
      sampleRateHz: 8000,
      onRendered: (block) => {
        this.blocks.push(block);
        this.recorder.add(block);
      },
      ...options,
    });
    this.device.open({
      message: (raw) => {
        this.sent.push({ atMs: this.clock.nowMs(), message: JSON.parse(raw) });
      },
      pathEstimated: () => {},
    });
  }

  /** Announces a response, writes all of it and ends it. */
  play(id: ResponseId, samples: Int16Array): void {
    this.device.send({ type: 'announce', responseId: id, sampleRateHz: 8000 });
    this.device.write(id, samples);
    this.end(id, samples.length);
  }

  end(id: ResponseId, totalSamples: number): void {
    this.device.send({ type: 'end', responseId: id, totalSamples });
  }

  /** What was reported: `id phase samples@instant of the position, reported at instant`. */
  get reports(): string[] {
    return this.sent.flatMap(({ atMs, message }) =>
      message.type === 'playhead'
        ? [
            `${message.responseId} ${message.phase} ${message.heardSamples}@${message.positionAtMs} reported ${atMs}`,
          ]
        : [],
    );
  }
}

/** `1, 2, 3 …`, so that each sample is recognised. */
function ramp(length: number, from = 1): Int16Array {
  return Int16Array.from({ length }, (_, index) => from + index);
}

describe('playing', () => {
  it('[LD1] takes a block every period and plays each sample once', () => {
    const rig = new Rig();

    rig.play(A, ramp(240));
    rig.clock.advance(100);

    expect(rig.blocks.map(({ soundsAtMs }) => soundsAtMs)).toEqual([20, 30, 40]);
    expect(rig.recorder.samples()).toEqual(ramp(240));
  });

  it('[LD1] starts at the first period that begins after the samples came', () => {
    const rig = new Rig();

    rig.clock.advance(12);
    rig.play(A, ramp(80));
    rig.clock.advance(100);

    expect(rig.blocks.map(({ soundsAtMs }) => soundsAtMs)).toEqual([40]);
  });

  it('[LD1] a late timer does not change what sounds when', () => {
    const rig = new Rig();
    rig.device.send({ type: 'announce', responseId: A, sampleRateHz: 8000 });
    rig.device.write(A, ramp(160));
    const late = new LateClock();
    const lateBlocks: RenderedBlock[] = [];
    const device = new LocalDevice({
      clock: late,
      sampleRateHz: 8000,
      onRendered: (block) => lateBlocks.push(block),
    });
    device.open({ message: () => {}, pathEstimated: () => {} });
    device.write(A, ramp(160));

    rig.clock.advance(100);
    late.advance(100);

    expect(lateBlocks).toEqual(rig.blocks);
  });

  it('[LD1] a block does not contain samples that were written after its period began', () => {
    const late = new LateClock();
    const blocks: RenderedBlock[] = [];
    const device = new LocalDevice({
      clock: late,
      sampleRateHz: 8000,
      onRendered: (block) => blocks.push(block),
    });
    device.open({ message: () => {}, pathEstimated: () => {} });

    device.write(A, ramp(40));
    late.advance(7);
    device.write(A, ramp(40, 41));
    late.advance(50);

    expect(blocks.map(({ soundsAtMs, samples }) => [soundsAtMs, samples[0], samples[40]])).toEqual([
      [20, 1, 0],
      [30, 41, 0],
    ]);
  });

  it('[LD1] a gap in the audio is silence, and the rest plays when it is written', () => {
    const rig = new Rig();
    rig.device.write(A, ramp(120));
    rig.clock.advance(45);

    rig.device.write(A, ramp(80, 121));
    rig.end(A, 200);
    rig.clock.advance(100);

    expect(rig.blocks.map(({ soundsAtMs }) => soundsAtMs)).toEqual([20, 30, 70]);
    expect(rig.reports.at(-1)).toBe('a ended 200@80 reported 80');
  });

  it('[LD1] a response that waits for another one begins right after its last sample', () => {
    const rig = new Rig();

    rig.play(A, ramp(100));
    rig.play(B, ramp(60, 101));
    rig.clock.advance(100);

    expect(rig.recorder.samples()).toEqual(ramp(160));
    expect(rig.reports).toEqual([
      'a playing 1@20 reported 20',
      'a ended 100@32.5 reported 32.5',
      'b playing 1@32.5 reported 32.5',
      'b ended 60@40 reported 40',
    ]);
  });
});

describe('reporting', () => {
  it('[LD2] reports the first and the last sample when they sound', () => {
    const rig = new Rig();

    rig.play(A, ramp(200));
    rig.clock.advance(100);

    expect(rig.reports).toEqual(['a playing 1@20 reported 20', 'a ended 200@45 reported 45']);
    expect(rig.sent.at(-1)?.message).toMatchObject({
      startedAtMs: 20,
      evidence: 'device',
      errorBoundMs: 0.125,
    });
  });

  it('[LD2] reports the playhead at every interval', () => {
    const rig = new Rig({ reportIntervalMs: 30 });

    rig.play(A, ramp(800));
    rig.clock.advance(200);

    expect(rig.reports).toEqual([
      'a playing 1@20 reported 20',
      'a playing 240@50 reported 50',
      'a playing 480@80 reported 80',
      'a playing 720@110 reported 110',
      'a ended 800@120 reported 120',
    ]);
  });

  it('[LD2] reports the end at once when all samples had sounded before the end was announced', () => {
    const rig = new Rig();
    rig.device.write(A, ramp(80));
    rig.clock.advance(100);

    rig.end(A, 80);
    rig.clock.advance(0);

    expect(rig.reports).toEqual(['a playing 1@20 reported 20', 'a ended 80@30 reported 100']);
  });

  it('[LD2] reports the end when it sounds, if it was announced after the last sample was taken', () => {
    const rig = new Rig();
    rig.device.write(A, ramp(80));
    rig.clock.advance(15);

    rig.end(A, 80);
    rig.clock.advance(50);

    expect(rig.reports).toEqual(['a playing 1@20 reported 20', 'a ended 80@30 reported 30']);
  });

  it('[LD2] reports nothing about a response without a sample', () => {
    const rig = new Rig();

    rig.device.send({ type: 'announce', responseId: A, sampleRateHz: 8000 });
    rig.end(A, 0);
    rig.play(B, ramp(80));
    rig.clock.advance(100);

    expect(rig.reports).toEqual(['b playing 1@20 reported 20', 'b ended 80@30 reported 30']);
  });

  it('[LD2] sends hello first, a pong for a ping, and bye last', () => {
    const rig = new Rig();

    rig.device.send({ type: 'ping', pingId: 7 });
    rig.device.close();
    rig.device.close();

    expect(rig.sent.map(({ message }) => message.type)).toEqual(['hello', 'pong', 'bye']);
  });
});

describe('stopping', () => {
  it('[LD3] after a clear no more is played, and what was taken is reported when it has sounded', () => {
    const rig = new Rig();
    rig.play(A, ramp(800));
    rig.play(B, ramp(800));
    rig.clock.advance(55);

    rig.device.send({ type: 'clear' });
    rig.clock.advance(200);

    expect(rig.reports).toEqual([
      'a playing 1@20 reported 20',
      // Six blocks were taken, at 0 to 50 ms.
      'a playing 400@70 reported 70',
      'a cut 480@80 reported 80',
      // In the order in which they would have played.
      'b cut 0@55 reported 80',
    ]);
    expect(rig.recorder.samples()).toEqual(ramp(480));
    expect(rig.clock.pendingCount).toBe(0);
  });

  it('[LD3] a clear does not keep what was taken from being reported when it sounds', () => {
    const rig = new Rig();
    rig.play(A, ramp(80));
    rig.play(B, ramp(800));
    rig.clock.advance(25);

    rig.device.send({ type: 'clear' });
    rig.clock.advance(100);

    expect(rig.reports.slice(1)).toEqual([
      'a ended 80@30 reported 30',
      'b playing 1@30 reported 30',
      'b cut 160@50 reported 50',
    ]);
  });

  it('[LD3] clear reports nothing about a response that was only announced', () => {
    const rig = new Rig();
    rig.device.send({ type: 'announce', responseId: A, sampleRateHz: 8000 });

    rig.device.send({ type: 'clear' });

    expect(rig.reports).toEqual([]);
  });

  it('[LD3] clear reports a response that has not begun with the instant of the clear', () => {
    const rig = new Rig();
    rig.device.send({ type: 'announce', responseId: A, sampleRateHz: 8000 });
    rig.clock.advance(7);
    rig.device.write(A, ramp(800));

    rig.device.send({ type: 'clear' });
    rig.clock.advance(0);

    // Not the instant of the announcement: nothing was written by then.
    expect(rig.reports).toEqual(['a cut 0@7 reported 7']);
  });

  it('[LD3] after a clear a response plays as if it were the first', () => {
    const rig = new Rig();
    rig.play(A, ramp(800));
    rig.clock.advance(25);
    rig.device.send({ type: 'clear' });

    rig.play(B, ramp(80));
    rig.clock.advance(100);

    expect(rig.reports.at(-1)).toBe('b ended 80@60 reported 60');
  });

  it('[LD4] nothing is taken during a pause, and resume goes on with the next sample', () => {
    const rig = new Rig();
    rig.play(A, ramp(240));
    rig.clock.advance(15);

    rig.device.send({ type: 'pause' });
    rig.clock.advance(500);
    rig.device.send({ type: 'resume' });
    rig.clock.advance(100);

    expect(rig.blocks.map(({ soundsAtMs }) => soundsAtMs)).toEqual([20, 30, 540]);
    expect(rig.blocks.map(({ samples }) => samples[0])).toEqual([1, 81, 161]);
    expect(rig.reports.at(-1)).toBe('a ended 240@550 reported 550');
  });

  it('[LD4] a clear ends a pause', () => {
    const rig = new Rig();
    rig.device.send({ type: 'pause' });
    rig.play(A, ramp(80));
    rig.device.send({ type: 'clear' });

    rig.play(B, ramp(80));
    rig.clock.advance(100);

    expect(rig.reports).toEqual([
      'a cut 0@0 reported 0',
      'b playing 1@20 reported 20',
      'b ended 80@30 reported 30',
    ]);
  });

  it('[LD3] a closed device plays nothing, reports nothing and leaves no timer', () => {
    const rig = new Rig();
    rig.play(A, ramp(800));
    rig.clock.advance(5);

    rig.device.close();
    rig.play(B, ramp(80));
    rig.clock.advance(200);

    expect(rig.sent.map(({ message }) => message.type)).toEqual(['hello', 'bye']);
    expect(rig.clock.pendingCount).toBe(0);
  });
});

it.each([
  { sampleRateHz: 7999 },
  { sampleRate: 16_000 } as LocalDeviceOptions,
  { sampleRateHz: Number.NaN },
  { periodMs: 0 },
  { outputLatencyMs: -1 },
  // More reports than a listener may send.
  { reportIntervalMs: 19 },
])('[LD5] throws ONCUE_BAD_OPTION for %o', (options) => {
  expect(() => new LocalDevice(options)).toThrow(
    expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }),
  );
});

/** A clock whose timers are 13 ms late, as in a busy event loop. */
class LateClock extends ManualClock {
  override schedule(delayMs: number, run: () => void): () => void {
    return super.schedule(delayMs + 13, run);
  }
}
