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
