import type { ResponseId } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import type { ListenerMessage, Playhead } from '@oncue/core/wire';
import { describe, expect, it } from 'vitest';
import { OutputListener, toEpochMs } from '../../src/index.ts';
import { ProbeOutput } from '../support/probe_output.ts';
import '../support/session_harness.ts';

const A = 'a' as ResponseId;
const B = 'b' as ResponseId;
const C = 'c' as ResponseId;
const RATE_HZ = 16_000;

class Stage {
  readonly clock = new ManualClock();
  readonly output = new ProbeOutput(RATE_HZ);
  readonly listener = new OutputListener(this.output, { clock: this.clock, errorBoundMs: 80 });
  readonly said: ListenerMessage[] = [];

  constructor() {
    this.listener.open({
      message: (raw) => this.said.push(JSON.parse(raw)),
      gone: () => {},
      audible: () => {},
      pathEstimated: () => {},
      queueMoved: () => {},
      refused: () => {},
    });
  }

  async play(id: ResponseId, samples: number): Promise<void> {
    this.listener.send({ type: 'announce', responseId: id, sampleRateHz: RATE_HZ });
    if (samples > 0) this.listener.write(id, new Int16Array(samples));
    this.listener.send({ type: 'end', responseId: id, totalSamples: samples });
    await this.clock.advanceAsync(0);
  }

  get playheads(): readonly Playhead[] {
    return this.said.filter((one): one is Playhead => one.type === 'playhead');
  }
}

describe('a LiveKit output as listener', () => {
  it('[TE1] what the carrier says of its playback counts as transport, in the order of the segments', async () => {
    const stage = new Stage();
    await stage.play(A, 1600);
    await stage.play(B, 3200);

    stage.clock.advance(120);
    stage.output.onPlaybackStarted(toEpochMs(stage.clock.nowMs()));
    stage.clock.advance(100);
    stage.output.onPlaybackFinished({ playbackPosition: 0.1, interrupted: false });
    await stage.clock.advanceAsync(0);
    stage.output.onPlaybackStarted(toEpochMs(stage.clock.nowMs()));
    stage.clock.advance(50);
    stage.output.onPlaybackFinished({ playbackPosition: 0.05, interrupted: true });

    expect(stage.said[0]).toMatchObject({ type: 'hello', evidence: 'transport' });
    expect(stage.playheads).toMatchObject([
      { responseId: A, phase: 'playing', heardSamples: 1, evidence: 'transport', errorBoundMs: 80 },
      { responseId: A, phase: 'ended', heardSamples: 1600 },
      { responseId: B, phase: 'playing', heardSamples: 1 },
      { responseId: B, phase: 'cut', heardSamples: 800 },
    ]);
    expect(stage.playheads[0]?.startedAtMs).toBeCloseTo(120, 3);
    expect(stage.playheads[2]?.startedAtMs).toBeCloseTo(220, 3);
  });

  it('[TE1] a response without audio is no segment, and shifts none', async () => {
    const stage = new Stage();
    await stage.play(A, 0);
    stage.listener.settled(A);
    await stage.play(B, 1600);

    stage.output.onPlaybackStarted(toEpochMs(stage.clock.nowMs()));

    expect(stage.playheads).toMatchObject([{ responseId: B }]);
  });

  it('[TE2] clear, pause and resume go to the carrier; behind the close nothing is believed', async () => {
    const stage = new Stage();
    await stage.play(A, 1600);
    stage.listener.send({ type: 'clear' });
    expect(stage.output.calls.at(-1)).toBe('clear');
    expect(stage.listener.canPause).toBe(stage.output.canPause);

    stage.listener.close();
    stage.output.onPlaybackFinished({ playbackPosition: 0, interrupted: true });

    expect(stage.playheads).toEqual([]);
  });

  it('[TE2] with nothing in the carrier there is nothing to clear', async () => {
    const stage = new Stage();
    stage.listener.send({ type: 'clear' });
    await stage.play(A, 1600);
    stage.output.onPlaybackStarted(toEpochMs(stage.clock.nowMs()));
    stage.output.onPlaybackFinished({ playbackPosition: 0.1, interrupted: false });
    stage.listener.send({ type: 'clear' });
    expect(stage.output.calls).toEqual(['frame', 'flush']);
  });

  it('[TE3] a segment is sent when the one before has ended, as the carrier says, or else the timeline', async () => {
    const stage = new Stage();
    await stage.play(A, 1600);
    await stage.play(B, 1600);
    await stage.play(C, 1600);
    expect(stage.output.calls).toEqual(['frame', 'flush']);

    stage.output.onPlaybackFinished({ playbackPosition: 0.1, interrupted: false });
    await stage.clock.advanceAsync(0);
    expect(stage.output.calls).toEqual(['frame', 'flush', 'frame', 'flush']);

    stage.listener.settled(B);
    await stage.clock.advanceAsync(0);
    expect(stage.output.calls.slice(4)).toEqual(['frame', 'flush']);
  });

  it('[TE3] a cut ends the stream of its segment, and what waits behind it is never sent', async () => {
    const stage = new Stage();
    stage.listener.send({ type: 'announce', responseId: A, sampleRateHz: RATE_HZ });
    stage.listener.write(A, new Int16Array(1600));
    await stage.clock.advanceAsync(0);
    stage.listener.send({ type: 'announce', responseId: B, sampleRateHz: RATE_HZ });
    stage.listener.write(B, new Int16Array(1600));

    stage.listener.send({ type: 'end', responseId: A, totalSamples: 1600 });
    stage.listener.send({ type: 'clear' });
    stage.output.onPlaybackFinished({ playbackPosition: 0.05, interrupted: true });
    await stage.clock.advanceAsync(0);

    expect(stage.output.calls.toSorted()).toEqual(['clear', 'flush', 'frame']);
    expect(stage.playheads).toMatchObject([{ responseId: A, phase: 'cut', heardSamples: 800 }]);
  });

  it.each([false, true])(
    '[TE3] a cut segment of which the carrier does not tell the end shifts none behind it (it had started: %s)',
    async (hadStarted) => {
      const stage = new Stage();
      await stage.play(A, 1600);
      if (hadStarted) stage.output.onPlaybackStarted(toEpochMs(stage.clock.nowMs()));
      stage.listener.send({ type: 'clear' });
      stage.listener.settled(A);
      await stage.play(B, 3200);

      stage.output.onPlaybackStarted(toEpochMs(stage.clock.nowMs()));
      stage.output.onPlaybackFinished({ playbackPosition: 0.2, interrupted: false });

      expect(stage.playheads.slice(hadStarted ? 1 : 0)).toMatchObject([
        { responseId: B, phase: 'playing' },
        { responseId: B, phase: 'ended', heardSamples: 3200 },
      ]);
    },
  );

  it('[TE2] refuses what is no output', () => {
    for (const make of [
      () => new OutputListener(undefined as never),
      () => new OutputListener(new ProbeOutput(), { errorBoundMs: -1 }),
    ])
      expect(make).toThrow(expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }));
  });
});
