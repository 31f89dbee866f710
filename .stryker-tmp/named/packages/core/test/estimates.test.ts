// Tests for SPEC.md, "Playback" and "Tasks": what the agent expects where nothing was reported.
import { describe, expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { silent } from './support/silent_listener.ts';
import { Stage, samplesIn } from './support/stage.ts';

const RATE_HZ = 48_000;

const predicted = { task: { run: (): void => {}, timing: 'predicted' } } as const;

describe('the next start', () => {
  it('[TK5] does not wait for the rest of a cut response', () => {
    const { stage } = silent({ cutReportTimeoutMs: 60_000 });
    stage.say(stage.openTurn(), 'One.', 10_000);
    stage.clock.advance(300);

    stage.timeline.cut('user_speech');
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

    cut.end('user_speech');
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

    stage.timeline.cut('user_speech');
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished').heardMs).toBe(515);
  });

  it('[PB8] is no more than the last position and the time since', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 2000);
    stage.clock.advance(1000);
    report(id, 300, { startMs: 0, atMs: 1000 });
    stage.clock.advance(100);

    stage.timeline.cut('user_speech');
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished').heardMs).toBe(400);
  });

  it('[PB7] is not taken back by an older report', () => {
    const { stage, report } = silent();
    const id = stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(500);
    report(id, 500, { startMs: 0, atMs: 500 });
    report(id, 300, { startMs: 0, atMs: 500, phase: 'cut' });

    expect(stage.events.only('response_playback_finished').heardMs).toBe(500);
  });

  it('[PB8] of a slow voice is no more than the path can have brought by then', () => {
    const { stage } = silent({ estimateDelayMs: 100 });
    const { id } = stage.openTurn().begin();
    stage.send(id, 200);
    stage.clock.advance(1000);
    stage.send(id, 200);
    stage.clock.advance(150);

    stage.timeline.cut('user_speech');
    stage.clock.advance(1000);

    expect(stage.events.only('response_playback_finished').heardMs).toBe(250);
  });

  it('[PB10] is no more than had left the queue, though the path is estimated as shorter since', () => {
    const { stage } = silent({ estimateDelayMs: 100 });
    stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(400);

    stage.timeline.cut('user_speech', 'queue');
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

    stage.timeline.cut('user_speech');

    expect(stage.events.only('response_playback_finished').heardMs).toBe(1000);
  });

  it('[RM2] is not less because a queue moves after it', () => {
    const { stage } = silent();
    stage.say(stage.openTurn(), 'One.', 1000);
    stage.clock.advance(300);

    stage.timeline.cut('user_speech');
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

    // The wait for a report is over 500 ms after it.
    expect(stage.events.only('response_playback_finished')).toMatchObject({
      endedAtMs: 2100,
      atMs: 2600,
    });
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
