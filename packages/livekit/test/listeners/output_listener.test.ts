import { log } from '@livekit/agents';
import type { ResponseId } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import type { ListenerMessage, Playhead } from '@oncue/core/wire';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OutputListener, toEpochMs } from '../../src/index.ts';
import { ProbeOutput } from '../support/probe_output.ts';
import '../support/session_harness.ts';

const A = 'a' as ResponseId;
const B = 'b' as ResponseId;
const C = 'c' as ResponseId;
const RATE_HZ = 16_000;

class PlayedOutput {
  readonly clock = new ManualClock();
  readonly output = new ProbeOutput(RATE_HZ);
  readonly listener = new OutputListener(this.output, { clock: this.clock, errorBoundMs: 80 });
  readonly said: ListenerMessage[] = [];
  readonly #warn = vi.spyOn(log(), 'warn').mockImplementation(() => {});

  constructor() {
    this.listener.open({
      message: (raw) => this.said.push(JSON.parse(raw)),
      gone: () => {},
      audience: () => {},
      pathEstimated: () => {},
      queueMoved: () => {},
      neverLeft: () => {},
      untaken: () => {},
      others: () => {},
      refused: () => {},
    });
  }

  async play(id: ResponseId, samples: number): Promise<void> {
    this.listener.send({ type: 'announce', responseId: id, sampleRateHz: RATE_HZ });
    if (samples > 0) this.listener.write(id, new Int16Array(samples));
    this.listener.send({ type: 'end', responseId: id, totalSamples: samples });
    await this.clock.advanceAsync(0);
  }

  get warnings(): readonly unknown[][] {
    return this.#warn.mock.calls;
  }

  get playheads(): readonly Playhead[] {
    return this.said.filter((one): one is Playhead => one.type === 'playhead');
  }
}

afterEach(() => vi.restoreAllMocks());

describe('a LiveKit output as listener', () => {
  it('[TE1] reports of the carrier count as transport, in the order of the segments', async () => {
    const stage = new PlayedOutput();
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

  it('[TE1] a response without audio is no segment: the next report is matched to the next response', async () => {
    const stage = new PlayedOutput();
    await stage.play(A, 0);
    stage.listener.settled(A);
    await stage.play(B, 1600);

    stage.output.onPlaybackStarted(toEpochMs(stage.clock.nowMs()));

    expect(stage.playheads).toMatchObject([{ responseId: B }]);
  });

  it('[TE2] clear, pause and resume reach the carrier; after the close its reports are ignored', async () => {
    const stage = new PlayedOutput();
    const pause = vi.spyOn(stage.output, 'pause');
    const resume = vi.spyOn(stage.output, 'resume');
    await stage.play(A, 1600);
    stage.listener.send({ type: 'pause' });
    expect([pause.mock.calls.length, resume.mock.calls.length]).toEqual([1, 0]);
    stage.listener.send({ type: 'resume' });
    expect([pause.mock.calls.length, resume.mock.calls.length]).toEqual([1, 1]);
    stage.listener.send({ type: 'clear' });
    expect(stage.output.calls.at(-1)).toBe('clear');
    expect(stage.listener.canPause).toBe(stage.output.canPause);

    stage.listener.close();
    stage.output.onPlaybackFinished({ playbackPosition: 0, interrupted: true });

    expect(stage.playheads).toEqual([]);
  });

  it('[TE2] the carrier gets no clear while it holds nothing', async () => {
    const stage = new PlayedOutput();
    stage.listener.send({ type: 'clear' });
    await stage.play(A, 1600);
    stage.output.onPlaybackStarted(toEpochMs(stage.clock.nowMs()));
    stage.output.onPlaybackFinished({ playbackPosition: 0.1, interrupted: false });
    stage.listener.send({ type: 'clear' });
    expect(stage.output.calls).toEqual(['frame', 'flush']);
  });

  it('[TE3] a segment is sent when the carrier reports the end of the one before, or the timeline has ended it', async () => {
    const stage = new PlayedOutput();
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

  it('[TE3] a cut ends the stream of its segment, and later audio is never sent', async () => {
    const stage = new PlayedOutput();
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
    expect(stage.playheads).toMatchObject([
      // Nothing of it came to the output, so nothing of it was heard.
      { responseId: B, phase: 'cut', heardSamples: 0 },
      { responseId: A, phase: 'cut', heardSamples: 800 },
    ]);
  });

  it('[TE6] at a clear a segment of which the carrier got nothing ends as not heard, though the one before is played to its end', async () => {
    const stage = new PlayedOutput();
    await stage.play(A, 1600);
    await stage.play(B, 1600);

    stage.listener.send({ type: 'clear' });
    const toldAtOnce = [...stage.playheads];
    stage.output.onPlaybackFinished({ playbackPosition: 0.1, interrupted: false });

    expect(toldAtOnce).toMatchObject([{ responseId: B, phase: 'cut', heardSamples: 0 }]);
    expect(stage.playheads.slice(1)).toMatchObject([
      { responseId: A, phase: 'ended', heardSamples: 1600 },
    ]);
  });

  it.each([false, true])(
    '[TE3] later segments are matched correctly when the end of a cut one is not reported (it had started: %s)',
    async (hadStarted) => {
      const stage = new PlayedOutput();
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

  it('[TE4] an output that refuses audio is reported in the log, once until it takes audio again', async () => {
    const stage = new PlayedOutput();
    const refusal = new Error('the worker left');
    const capture = vi.spyOn(stage.output, 'captureFrame').mockRejectedValue(refusal);

    await stage.play(A, 1600);
    stage.listener.write(A, new Int16Array(1600));
    await stage.clock.advanceAsync(0);
    expect(stage.warnings).toEqual([
      [{ error: refusal }, expect.stringContaining('refused audio')],
    ]);

    capture.mockRestore();
    stage.listener.write(A, new Int16Array(1600));
    await stage.clock.advanceAsync(0);
    expect(stage.output.calls.at(-1)).toBe('frame');
    vi.spyOn(stage.output, 'captureFrame').mockRejectedValue(refusal);
    stage.listener.write(A, new Int16Array(1600));
    await stage.clock.advanceAsync(0);

    expect(stage.warnings).toHaveLength(2);
    expect(stage.clock.pendingCount).toBe(0);
  });

  it('[TE4] an output that does not take a frame for five seconds is reported in the log, unless it is paused', async () => {
    for (const isPaused of [false, true]) {
      const stage = new PlayedOutput();
      vi.spyOn(stage.output, 'captureFrame').mockReturnValue(new Promise(() => {}));
      await stage.play(A, 1600);
      if (isPaused) stage.listener.send({ type: 'pause' });
      await stage.clock.advanceAsync(4999);
      expect(stage.warnings).toEqual([]);

      await stage.clock.advanceAsync(10_000);

      expect(stage.warnings).toHaveLength(isPaused ? 0 : 1);
      stage.listener.send({ type: 'resume' });
      await stage.clock.advanceAsync(5000);
      expect(stage.warnings).toHaveLength(1);
      vi.restoreAllMocks();
    }
  });

  it('[TE4] a closed listener reports nothing and leaves no timer', async () => {
    const stage = new PlayedOutput();
    vi.spyOn(stage.output, 'captureFrame').mockReturnValue(new Promise(() => {}));
    await stage.play(A, 1600);

    stage.listener.close();
    await stage.clock.advanceAsync(10_000);

    expect(stage.clock.pendingCount).toBe(0);
    expect(stage.warnings).toEqual([]);
  });

  it('[TE2] throws ONCUE_BAD_OPTION for something that is no output', () => {
    for (const make of [
      () => new OutputListener(undefined as never),
      () => new OutputListener(new ProbeOutput(), { errorBoundMs: -1 }),
      () => new OutputListener(new ProbeOutput(), { errorBound: 100 } as never),
    ])
      expect(make).toThrow(expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }));
  });
});
