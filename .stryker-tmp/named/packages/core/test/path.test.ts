import { describe, expect, it } from 'vitest';
import { type AgentMs, addMs, type ResponseId } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

const RATE_HZ = 48_000;

describe('a transport with a queue and a network path', () => {
  it('[PB10] after a cut that reaches the queue, audio on its way is still heard', () => {
    const stage = new Stage({ options: { estimateDelayMs: 100 } });
    const turn = stage.openTurn();
    stage.say(turn, 'One two three four.', 1000);
    stage.clock.advance(400);

    stage.timeline.cut('user_speech', 'queue');
    // 400 ms had left the queue, and 300 ms of that were heard.
    expect(stage.events.ofType('response_playback_finished')).toEqual([]);
    stage.clock.advance(100);

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      outcome: 'cut',
      heardMs: 400,
      evidence: 'estimate',
    });
  });

  it('[PB10] a cut that reaches the ear stops the sound at once', () => {
    const stage = new Stage({ options: { estimateDelayMs: 100 } });
    stage.say(stage.openTurn(), 'One two three four.', 1000);
    stage.clock.advance(400);

    stage.timeline.cut('user_speech');

    expect(stage.events.only('response_playback_finished').heardMs).toBe(300);
  });

  it("[PB10] the wait for a listener's report begins when the sound stops", () => {
    const stage = new Stage({ options: { estimateDelayMs: 100, cutReportTimeoutMs: 250 } });
    stage.timeline.listenerChanged(true);
    const id = stage.say(stage.openTurn(), 'One two three four.', 1000);
    stage.clock.advance(400);
    stage.timeline.cut('user_speech', 'queue');
    stage.clock.advance(300);
    expect(stage.events.ofType('response_playback_finished')).toEqual([]);

    const startedAtMs = 100 as AgentMs;
    stage.timeline.playhead({
      responseId: id,
      startedAtMs,
      heardSamples: samplesIn(400),
      positionAtMs: addMs(startedAtMs, 400),
      phase: 'cut',
      evidence: 'device',
      errorBoundMs: 1,
    });

    expect(stage.events.only('response_playback_finished')).toMatchObject({
      heardMs: 400,
      evidence: 'device',
    });
  });

  it('[PB11] sent audio is expected when the queue releases it', () => {
    const stage = new Stage({ options: { estimateDelayMs: 100 } });
    const turn = stage.openTurn();
    const { id } = turn.begin();
    turn.addText('One.');
    turn.endResponse();
    stage.clock.advance(10);

    stage.timeline.audioSent(id, samplesIn(500), RATE_HZ, 17 as AgentMs);
    stage.timeline.audioSent(id, samplesIn(500), RATE_HZ, 3 as AgentMs);
    stage.timeline.audioEnded(id as ResponseId);
    stage.clock.advance(2000);

    expect(stage.events.only('response_playback_started').startedAtMs).toBe(117);
    expect(stage.events.only('response_playback_finished').heardMs).toBe(1000);
  });

  it.each([
    { maxPathDriftMs: 0, startedAtMs: 2100 },
    { maxPathDriftMs: 400, startedAtMs: 2140 },
    { maxPathDriftMs: 30, startedAtMs: 2100 },
  ])(
    '[TK7] within $maxPathDriftMs ms, the end of the last response predicts the next task',
    ({ maxPathDriftMs, startedAtMs }) => {
      const stage = new Stage({ options: { maxPathDriftMs } });
      stage.timeline.listenerChanged(true);
      const first = stage.say(stage.openTurn(), 'One two three four.', 1000);
      const report = (heardMs: number, atMs: number, phase: 'playing' | 'ended'): void =>
        stage.timeline.playhead({
          responseId: first,
          startedAtMs: 100 as AgentMs,
          heardSamples: samplesIn(heardMs),
          positionAtMs: atMs as AgentMs,
          phase,
          evidence: 'device',
          errorBoundMs: 1,
        });
      // The start is heard 100 ms after it was sent; a jitter buffer then grows, and the end is heard after 140 ms.
      stage.clock.advance(101);
      report(1, 101, 'playing');
      stage.clock.advance(1039);
      report(1000, 1140, 'ended');
      stage.clock.advance(860);
      stage.say(stage.openTurn(), 'Five.', 500, { task: { run: () => {}, timing: 'predicted' } });
      stage.clock.advance(200);

      expect(stage.events.only('task_started')).toMatchObject({
        timing: 'predicted',
        atMs: startedAtMs,
        startedAtMs,
        evidence: 'estimate',
      });
    },
  );

  it('[TK7] a measured start predicts the next task from its delay', () => {
    const stage = new Stage({ listener: { outputLatencyMs: 70 } });
    stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(1000);

    stage.say(stage.openTurn(), 'Two.', 100, { task: { run: () => {}, timing: 'predicted' } });
    stage.clock.advance(1000);

    expect(stage.events.only('task_started').startedAtMs).toBe(1070);
    expect(stage.events.only('prediction_checked').errorMs).toBe(0);
  });

  it('[RM2] a queue that turns out later moves the expected instants, except for audio that had already left', () => {
    const stage = new Stage();
    stage.timeline.pathEstimated(100, 20);
    const turn = stage.openTurn();
    stage.say(turn, 'Before.', 200);
    stage.say(turn, 'Behind it.', 200);
    stage.timeline.queueMoved(200 as AgentMs, 10);
    stage.timeline.queueMoved(Number.NaN as AgentMs, 10);
    stage.clock.advance(1000);

    const starts = stage.events.ofType('response_playback_started');
    expect(starts.map(({ startedAtMs }) => startedAtMs)).toEqual([100, 310]);
  });

  it("[RM8] the transport's path estimate counts until a start is measured", () => {
    const stage = new Stage();
    stage.timeline.pathEstimated(150, 90);
    stage.timeline.pathEstimated(-1, 90);
    stage.timeline.pathEstimated(Number.NaN, 90);
    stage.say(stage.openTurn(), 'One.', 100);
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_started')).toMatchObject({
      startedAtMs: 150,
      errorBoundMs: 90,
      evidence: 'estimate',
    });
  });
});
