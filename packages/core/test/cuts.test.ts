// Tests for SPEC.md, "Responses" and "Listener and wire": what a cut stops, and until when.
import { expect, it } from 'vitest';
import type { AgentMs, ResponseId } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

function cutStage() {
  const stage = new Stage({ options: { cutReportTimeoutMs: 2000 } });
  stage.timeline.listenerChanged(true);
  const id = stage.say(stage.openTurn(), 'One two three.', 3000);
  stage.clock.advance(300);
  return { stage, id };
}

/** The last report of a listener that heard so much before it stopped. */
function stoppedAfter(stage: Stage, responseId: ResponseId, heardMs: number): void {
  stage.timeline.playhead({
    responseId,
    startedAtMs: 0 as AgentMs,
    heardSamples: samplesIn(heardMs),
    positionAtMs: heardMs as AgentMs,
    phase: 'cut',
    evidence: 'device',
    errorBoundMs: 0,
  });
}

const end = (stage: Stage) => stage.events.only('response_playback_finished');

it('[RS3] a second cut changes neither who cut a response nor when', () => {
  const { stage } = cutStage();

  stage.timeline.cut('user_speech');
  stage.clock.advance(400);
  stage.timeline.cut('code');
  stage.clock.advance(5000);

  expect(end(stage)).toMatchObject({ cutBy: 'user_speech', heardMs: 300 });
});

it('[LW9] a listener that had not heard of a cut is believed that it played on: the buffer is its own', () => {
  const { stage, id } = cutStage();

  stage.timeline.cut('user_speech');
  stage.clock.advance(900);
  stoppedAfter(stage, id, 1100);

  expect(end(stage)).toMatchObject({ heardMs: 1100, evidence: 'device' });
});

it('[LW9] the same after a pause of which it had not heard', () => {
  const { stage, id } = cutStage();

  stage.timeline.pause('ear');
  stage.clock.advance(100);
  stage.timeline.cut('user_speech');
  stage.clock.advance(600);
  stoppedAfter(stage, id, 900);

  expect(end(stage)).toMatchObject({ heardMs: 900, evidence: 'device' });
});

it('[TK7] an interrupted turn of which nothing was sent leaves the queue of the one that plays as it is', () => {
  const stage = new Stage();
  stage.timeline.listenerChanged(true);
  const turn = stage.openTurn();
  const startAfter = (responseId: ResponseId, delayMs: number): void => {
    stage.clock.advance(delayMs);
    stage.timeline.playhead({
      responseId,
      startedAtMs: stage.clock.nowMs(),
      heardSamples: 1,
      positionAtMs: stage.clock.nowMs(),
      phase: 'playing',
      evidence: 'device',
      errorBoundMs: 0,
    });
  };
  for (const text of ['One.', 'Two.']) {
    startAfter(stage.say(turn, text, 100), 200);
    stage.clock.advance(800);
  }
  // It begins earlier after its sending than the two before it, so only its own start says when the next one follows.
  startAfter(stage.say(turn, 'Long.', 3000), 80);

  stage.timeline.openTurn().end('user_speech');
  stage.say(turn, 'Next.', 100, { task: { run: () => {}, timing: 'predicted' } });
  stage.clock.advance(5000);

  expect(stage.events.only('task_started').startedAtMs).toBeCloseTo(2000 + 80 + 3000, 1);
});

it('[AU20] a listener that does not answer is not waited for', () => {
  const { stage } = cutStage();
  stage.timeline.listenerAnswers(false);

  stage.timeline.cut('user_speech');
  stage.clock.advance(0);

  expect(end(stage)).toMatchObject({ outcome: 'cut', atMs: 300 });
});

it('[AU20] one that stops answering in the wait is waited for no longer', () => {
  const { stage } = cutStage();
  stage.timeline.cut('user_speech');
  stage.clock.advance(400);
  expect(stage.events.ofType('response_playback_finished')).toEqual([]);

  stage.timeline.listenerAnswers(false);
  stage.clock.advance(0);

  expect(end(stage)).toMatchObject({ outcome: 'cut', atMs: 700 });
});

it('[AU20] audio that is on its way then still has to sound', () => {
  const stage = new Stage({ options: { estimateDelayMs: 120, cutReportTimeoutMs: 2000 } });
  stage.timeline.listenerChanged(true);
  stage.say(stage.openTurn(), 'One two three.', 3000);
  stage.clock.advance(1000);
  stage.timeline.listenerAnswers(false);

  stage.timeline.cut('user_speech', 'queue');
  stage.clock.advance(119);
  expect(stage.events.ofType('response_skipped')).toEqual([]);
  expect(stage.events.ofType('response_playback_finished')).toEqual([]);
  stage.clock.advance(1);

  const ends = ['response_skipped', 'response_playback_finished'] as const;
  expect(ends.flatMap((type) => stage.events.ofType(type))).toHaveLength(1);
});
