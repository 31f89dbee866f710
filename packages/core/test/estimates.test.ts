// Tests for SPEC.md, "Playback" and "Tasks": what the agent expects where nothing was reported.
import { describe, expect, it } from 'vitest';
import type { AgentMs, PlayheadReport, ResponseId, TimelineOptions } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

const RATE_HZ = 48_000;

const predicted = { task: { run: (): void => {}, timing: 'predicted' } } as const;

/** A stage with a listener that reports only what the test says. */
function silent(options: Partial<TimelineOptions> = {}) {
  const stage = new Stage({ options: { reportTimeoutMs: 60_000, ...options } });
  stage.timeline.listenerChanged(true);
  const report = (
    responseId: ResponseId,
    heardMs: number,
    { startMs, atMs, ...more }: Partial<PlayheadReport> & { startMs: number; atMs: number },
  ): void =>
    stage.timeline.playhead({
      responseId,
      startedAtMs: startMs as AgentMs,
      heardSamples: samplesIn(heardMs),
      positionAtMs: atMs as AgentMs,
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 0,
      ...more,
    });
  return { stage, report };
}

describe('the next start', () => {
  it('[TK5] does not wait for the rest of a cut response', () => {
    const { stage } = silent({ cutReportTimeoutMs: 60_000 });
    stage.say(stage.openTurn(), 'One.', 10_000);
    stage.clock.advance(300);

    stage.timeline.cut('user');
    stage.say(stage.openTurn(), 'Two.', 500, predicted);
    stage.clock.advance(100);

    expect(stage.events.only('task_started').startedAtMs).toBe(300);
  });

  it('[PB11] is not before its audio was sent, though the response before it seems to be a little early', () => {
    const { stage, report } = silent();
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 1000);
    stage.clock.advance(960);
    report(first, 960, { startMs: 0, atMs: 945 });
    stage.clock.advance(30);

    stage.say(turn, 'Two.', 500, predicted);
    stage.clock.advance(100);

    expect(stage.events.only('task_started').startedAtMs).toBe(990);
  });

  it('[TK5] does not follow from the end that a cut response would have had', () => {
    const { stage, report } = silent({ cutReportTimeoutMs: 60_000 });
    const cut = stage.openTurn();
    const first = stage.say(cut, 'One.', 1000);
    stage.say(stage.openTurn(), 'Two.', 500, predicted);
    stage.clock.advance(700);
    report(first, 200, { startMs: 0, atMs: 700 });

    cut.end('user');
    stage.clock.advance(2000);

    expect(stage.events.only('task_started').startedAtMs).toBe(1000);
  });

  it('[TK5] does not follow from an end that is only estimated', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 1000);
    stage.say(turn, 'Two.', 500, predicted);
    stage.clock.advance(500);

    stage.timeline.pathEstimated(200, 50);
    stage.clock.advance(2000);

    expect(stage.events.only('task_started').startedAtMs).toBe(1200);
  });

  it('[PB11] does not follow at once if the queue lets its audio out later', () => {
    const { stage, report } = silent();
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 1000);
    stage.clock.advance(500);
    report(first, 500, { startMs: 0, atMs: 500 });

    const { id } = turn.begin(predicted);
    stage.timeline.audioSent(id, samplesIn(500), RATE_HZ, 5000 as AgentMs);
    stage.clock.advance(10_000);

    expect(stage.events.only('task_started').startedAtMs).toBe(5000);
  });
});

describe('what was heard at a cut', () => {
  it('[PB7] is never less than what was reported, though the model says so', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(500);
    report(id, 515, { startMs: 0, atMs: 500 });

    stage.timeline.cut('user');
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished').heardMs).toBe(515);
  });

  it('[PB8] is no more than the last position and the time since', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 2000);
    stage.clock.advance(1000);
    report(id, 300, { startMs: 0, atMs: 1000 });
    stage.clock.advance(100);

    stage.timeline.cut('user');
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished').heardMs).toBe(400);
  });

  it('[PB10] is no more than had left the queue, though the path is estimated as shorter since', () => {
    const { stage } = silent({ estimateDelayMs: 100 });
    stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(400);

    stage.timeline.cut('user', 'queue');
    stage.clock.advance(50);
    stage.timeline.pathEstimated(0, 10);
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished').heardMs).toBe(400);
  });

  it('[PB8] is all of a part that had left before the voice was slow', () => {
    const stage = new Stage();
    const { id } = stage.openTurn().begin();
    stage.send(id, 1000);
    stage.clock.advance(1100);
    stage.timeline.audioSent(id, samplesIn(1000), RATE_HZ, 1500 as AgentMs);
    stage.clock.advance(100);

    stage.timeline.cut('user');

    expect(stage.events.only('response_playback_finished').heardMs).toBe(1000);
  });

  it('[RM2] is not less because a queue moves after it', () => {
    const { stage } = silent();
    stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(300);

    stage.timeline.cut('user');
    stage.timeline.queueMoved(200 as AgentMs, 100);
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished').heardMs).toBe(300);
  });
});

describe('a queue that moves', () => {
  it('[RM2] does not move what had left it', () => {
    const stage = new Stage({ options: { estimateDelayMs: 1000 } });
    stage.say(stage.openTurn(), 'One.', 200);

    stage.timeline.queueMoved(300 as AgentMs, 500);
    stage.clock.advance(5000);

    expect(stage.events.only('response_playback_finished').endedAtMs).toBe(1200);
  });

  it('[RM2] moves the end of a response that had begun to leave, and not its start', () => {
    const stage = new Stage({ options: { estimateDelayMs: 100 } });
    stage.say(stage.openTurn(), 'One.', 1000);

    stage.timeline.queueMoved(500 as AgentMs, 50);
    stage.clock.advance(5000);

    expect(stage.events.only('response_playback_started').startedAtMs).toBe(100);
    expect(stage.events.only('response_playback_finished').endedAtMs).toBe(1150);
  });

  it('[RM2] moves a start up to a tick before the instant, which is the same', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 195);
    stage.say(turn, 'Two.', 500);

    stage.timeline.queueMoved(200 as AgentMs, 50);
    stage.clock.advance(5000);

    const starts = stage.events.ofType('response_playback_started');
    expect(starts.map(({ startedAtMs }) => startedAtMs)).toEqual([0, 245]);
  });

  it('[RM2] moves the place of the audio that is sent after that', () => {
    const { stage } = silent({ reportTimeoutMs: 500 });
    const { id } = stage.openTurn().begin();
    stage.send(id, 1000);
    stage.timeline.queueMoved(500 as AgentMs, 100);
    stage.clock.advance(600);

    stage.send(id, 1000);
    stage.endAudio(id);
    stage.clock.advance(5000);

    expect(stage.events.only('response_playback_finished').endedAtMs).toBe(2100);
  });

  it('[RM2] is not there when it is empty', () => {
    const stage = new Stage();
    const turn = stage.openTurn();
    stage.say(turn, 'One.', 100);
    stage.clock.advance(1000);

    stage.timeline.queueMoved(900 as AgentMs, 5000);
    stage.say(turn, 'Two.', 100);
    stage.clock.advance(10_000);

    const starts = stage.events.ofType('response_playback_started');
    expect(starts.map(({ startedAtMs }) => startedAtMs)).toEqual([0, 1000]);
  });
});

describe('the path', () => {
  /** A first response with a measured path of 100 ms, and a second that plays. */
  function measured(options: Partial<TimelineOptions> = {}) {
    const { stage, report } = silent(options);
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 100);
    stage.clock.advance(300);
    report(first, 100, { startMs: 100, atMs: 200, phase: 'ended' });
    stage.clock.advance(700);
    const second = stage.say(turn, 'Two.', 2000);
    stage.clock.advance(1000);
    return { stage, report, second };
  }
  const path = (stage: Stage) => stage.timeline.state.path;

  it('[TK7] follows a device, not an estimate', () => {
    const { stage, report, second } = measured({ maxPathDriftMs: 400 });
    report(second, 500, { startMs: 1100, atMs: 1640, evidence: 'estimate' });
    expect(path(stage).delayMs).toBe(100);

    report(second, 600, { startMs: 1100, atMs: 1740 });
    expect(path(stage).delayMs).toBe(140);
  });

  it('[TK7] does not follow a position that stands still', () => {
    const { stage, report, second } = measured({ maxPathDriftMs: 400 });
    report(second, 500, { startMs: 1100, atMs: 1600 });
    report(second, 500, { startMs: 1100, atMs: 1900 });

    expect(path(stage).delayMs).toBe(100);
  });

  it('[TK7] follows a sample before a gap of a slow voice by when it left', () => {
    const { stage, report } = silent({ maxPathDriftMs: 400 });
    const { id } = stage.openTurn().begin();
    stage.send(id, 1000);
    stage.clock.advance(250);
    report(id, 100, { startMs: 100, atMs: 200 });
    stage.clock.advance(800);
    stage.send(id, 1000);

    report(id, 900, { startMs: 100, atMs: 1040 });

    expect(path(stage).delayMs).toBe(140);
  });

  it('[TK7] follows nothing before a start was measured', () => {
    const { stage, report } = silent({ maxPathDriftMs: 400, estimateDelayMs: 100 });
    const id = stage.say(stage.openTurn(), 'One.', 2000);
    stage.clock.advance(1000);
    report(id, 1, { startMs: 100, atMs: 101, errorBoundMs: 1500 });
    report(id, 500, { startMs: 100, atMs: 640, errorBoundMs: 1000 });

    expect(path(stage)).toMatchObject({ delayMs: 100, observedMs: [] });
  });

  it('[TK7] counts a start once, however often it is measured better', () => {
    const { stage, report, second } = measured();
    report(second, 100, { startMs: 1130, atMs: 1230, errorBoundMs: 40 });
    report(second, 200, { startMs: 1120, atMs: 1330, errorBoundMs: 10 });

    expect(path(stage).observedMs).toEqual([100, 120]);
  });

  it('[TK7] keeps an earlier start when one that was estimated is measured', () => {
    const { stage, report, second } = measured({ reportTimeoutMs: 500 });
    expect(stage.events.ofType('response_playback_started')[1]?.evidence).toBe('estimate');
    report(second, 500, { startMs: 1120, atMs: 1620 });

    expect(path(stage).observedMs).toEqual([100, 120]);
  });

  it('[TK7] is not longer because a response had to wait for a late one before it', () => {
    const { stage, report } = silent();
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 1000);
    const second = stage.say(turn, 'Two.', 1000);
    stage.clock.advance(400);
    report(first, 400, { startMs: 0, atMs: 400 });
    stage.clock.advance(1200);
    report(first, 1000, { startMs: 0, atMs: 1500, phase: 'ended' });
    report(second, 100, { startMs: 1500, atMs: 1600 });

    expect(path(stage).observedMs).toEqual([0, 0]);
  });

  it('[TK7] remembers by when everything has sounded, whoever says it was earlier', () => {
    const { stage, report } = silent();
    const turn = stage.openTurn();
    const first = stage.say(turn, 'One.', 1000);
    const second = stage.say(turn, 'Two.', 100);
    stage.clock.advance(400);
    report(first, 400, { startMs: 0, atMs: 400 });
    stage.clock.advance(1200);
    report(first, 1000, { startMs: 0, atMs: 1500, phase: 'ended' });
    report(second, 100, { startMs: 1100, atMs: 1200, phase: 'ended' });

    expect(stage.timeline.state.playedUntilMs).toBe(1500);
  });

  it('[TK7] is the median of the last five starts, with a bound that covers them', () => {
    const { stage, report } = silent();
    const turn = stage.openTurn();
    for (const delayMs of [400, 10, 30, 20, 80, 40]) {
      const nowMs = stage.clock.nowMs();
      const id = stage.say(turn, 'Word.', 100);
      stage.clock.advance(1000);
      const startMs = nowMs + delayMs;
      report(id, 100, { startMs, atMs: startMs + 100, phase: 'ended', errorBoundMs: 7 });
    }

    expect(path(stage)).toMatchObject({
      delayMs: 30,
      errorBoundMs: 50 + 7,
      observedMs: [10, 30, 20, 80, 40],
    });
  });

  it('[TK7] is never claimed to be known to less than 5 ms', () => {
    const { stage } = measured();

    expect(path(stage).errorBoundMs).toBe(5);
  });

  it('[RM8][LW10] stays as measured when the transport estimates it, until another listener joins', () => {
    const { stage } = measured();
    stage.timeline.pathEstimated(250, 60);
    expect(path(stage)).toMatchObject({ delayMs: 100, errorBoundMs: 5 });

    stage.timeline.listenerChanged(true);
    expect(path(stage)).toMatchObject({ delayMs: 250, errorBoundMs: 60, observedMs: [] });
  });
});
