// Tests for SPEC.md, AU17: a response of which no report will come.
import { expect, it } from 'vitest';
import type { AgentMs, ResponseId } from '../src/index.ts';
import { responseOf } from '../src/step/state/selectors.ts';
import { Stage, samplesIn } from './support/stage.ts';

/** An output of LiveKit that plays one response of 1 s after the other. */
function output(unreported: 'not_known' | 'estimated' = 'not_known') {
  const stage = new Stage();
  stage.timeline.listenerChanged(true, unreported);
  const turn = stage.openTurn();
  return { stage, say: (text: string): ResponseId => stage.say(turn, text, 1000) };
}

const ended = (stage: Stage) =>
  stage.events.types('response_skipped', 'response_playback_finished');
const leavesAtMs = (stage: Stage, id: ResponseId) =>
  responseOf(stage.timeline.state, id)?.audio?.runs[0]?.leavesAtMs;

it('[AU17] one that comes after another does not end before that', () => {
  const { stage, say } = output();
  say('One.');
  const second = say('Two.');
  stage.clock.advance(100);
  stage.timeline.reportGivenUp(second);

  expect(ended(stage)).toEqual([]);
});

it('[AU17] one that is not there any more ends nothing', () => {
  const { stage, say } = output();
  say('One.');
  stage.timeline.reportGivenUp('unknown' as ResponseId);

  expect(ended(stage)).toEqual([]);
});

it('[AU17] of a listener whose responses end by estimate it says nothing', () => {
  const { stage, say } = output('estimated');
  const id = say('One.');
  stage.clock.advance(100);
  stage.timeline.reportGivenUp(id);

  expect(ended(stage)).toEqual([]);
});

it('[AU17] one that was cut ends as it would', () => {
  const { stage, say } = output();
  const id = say('One.');
  stage.clock.advance(100);
  stage.timeline.cut('user_speech', 'queue');
  stage.timeline.reportGivenUp(id);

  expect(ended(stage)).toEqual([]);
});

it('[AU17] what is sent after it need not wait until it would have left', () => {
  const { stage, say } = output();
  const id = say('One.');
  stage.clock.advance(100);
  stage.timeline.reportGivenUp(id);
  stage.clock.advance(100);
  const next = say('Two.');

  expect(leavesAtMs(stage, next)).toBe(200);
  expect(responseOf(stage.timeline.state, next)?.audio?.modelStartMs).toBe(200);
});

it('[AU17] what was to leave after it leaves now, unless it has left before', () => {
  const { stage, say } = output();
  const first = say('One.');
  const second = say('Two.');
  stage.clock.advance(100);
  stage.timeline.reportGivenUp(first);
  expect(leavesAtMs(stage, second)).toBe(100);

  const { stage: other, say: sayThere } = output();
  const late = sayThere('One.');
  const { id: next } = other.openTurn().begin();
  other.timeline.audioSent(next, samplesIn(1000), 48_000);
  other.clock.advance(1500);
  other.timeline.reportGivenUp(late);
  expect(leavesAtMs(other, next)).toBe(1000 as AgentMs);
});
