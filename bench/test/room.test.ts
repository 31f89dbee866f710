import { type AgentMs, Timeline } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { TraceRecorder } from '@oncue/core/trace';
import { describe, expect, it } from 'vitest';
import { parseCores } from '../src/room/machine/leave_cores.ts';
import { parseStolenMs } from '../src/room/machine/stolen_time.ts';
import { estimatedStarts } from '../src/room/report/estimate.ts';
import { RoomRecording } from '../src/shared/truth/recording.ts';

describe('the clock of a recording', () => {
  // Every 15 ms the output is read; after 10 s it stalls for 40 ms.
  const readings = Array.from({ length: 1400 }, (_, index): [number, number] => {
    const contextMs = index * 15;
    const bounceMs = index % 20 === 0 ? 6 : 0;
    return [contextMs, contextMs + 500 + (contextMs > 10_000 ? 40 : 0) + bounceMs];
  });
  const recording = new RoomRecording({
    samples: new Int16Array(0),
    offset: 480,
    readings,
    shiftMs: 1000,
  });

  it('dates a frame by most of the readings around it', () => {
    expect(recording.instantMs(48_000)).toBeCloseTo(1010 + 500 + 1000, 6);
  });

  it('follows a step of the output', () => {
    expect(recording.instantMs(48_000 * 15)).toBeCloseTo(15_010 + 540 + 1000, 6);
  });

  it('follows a step after which there are fewer readings', () => {
    const stalling = new RoomRecording({
      samples: new Int16Array(0),
      offset: 0,
      readings: Array.from({ length: 125 }, (_, index): [number, number] => {
        const contextMs = index < 100 ? index * 10 : 1000 + (index - 100) * 40;
        return [contextMs, contextMs + (contextMs < 1000 ? 500 : 530)];
      }),
      shiftMs: 0,
    });

    expect(stalling.instantMs(900 * 48)).toBeCloseTo(900 + 500, 6);
    expect(stalling.instantMs(1100 * 48)).toBeCloseTo(1100 + 530, 6);
  });

  it('finds the frame of an instant again', () => {
    for (const frame of [0, 12_345, 48_000 * 8, 48_000 * 15])
      expect(recording.frameAt(recording.instantMs(frame))).toBe(frame);
  });
});

describe('what the host took', () => {
  it('is the eighth number of the first line, in hundredths of a second', () => {
    expect(parseStolenMs('cpu  34 2 76 677 26 0 20 274 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n')).toBe(
      2740,
    );
    expect(parseStolenMs('')).toBeNaN();
  });
});

describe('the cores', () => {
  it('are read as taskset prints them', () => {
    expect(parseCores(' 0-2,5\n')).toEqual([0, 1, 2, 5]);
    expect(parseCores('3')).toEqual([3]);
  });
});

describe('the estimate without a listener', () => {
  it('starts each response on what was sent, and nothing on what was reported', () => {
    const clock = new ManualClock();
    let trace = '';
    const options = { estimateDelayMs: 100, estimateErrorBoundMs: 60 };
    const recorder = new TraceRecorder(
      (line) => {
        trace += line;
      },
      { options },
    );
    const timeline = new Timeline({ clock, options, record: recorder.record });
    timeline.listenerChanged(true);
    const turn = timeline.openTurn();
    const { id } = turn.begin();
    turn.addText('Hello.');
    turn.close();
    const fromMs = clock.nowMs();
    timeline.audioSent(id, 24_000, 24_000);
    timeline.audioEnded(id);
    clock.advance(300);
    timeline.playhead({
      responseId: id,
      startedAtMs: (fromMs + 222) as AgentMs,
      heardSamples: 480,
      positionAtMs: (fromMs + 242) as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 5,
    });
    clock.advance(2000);

    expect([...estimatedStarts(trace).values()]).toEqual([
      { startedAtMs: fromMs + 100, errorBoundMs: 60 },
    ]);
  });
});
