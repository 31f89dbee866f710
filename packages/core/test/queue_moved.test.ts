// Tests for SPEC.md, "Rooms": a queue that moves, at the instant from which it does.
import { expect, it } from 'vitest';
import type { AgentMs } from '../src/index.ts';
import { responseOf } from '../src/step/state/selectors.ts';
import { Stage, samplesIn } from './support/stage.ts';

const RATE_HZ = 48_000;
const at = (ms: number): AgentMs => ms as AgentMs;

it('[RM2] what has left by the instant does not move: neither its end nor what comes after it', () => {
  const stage = new Stage();
  const turn = stage.openTurn();
  stage.say(turn, 'One.', 1000);

  stage.timeline.queueMoved(at(1000), 500);
  stage.say(turn, 'Two.', 300);
  stage.clock.advance(5000);

  const ends = stage.events.ofType('response_playback_finished');
  expect(ends.map(({ endedAtMs }) => endedAtMs)).toEqual([1000, 1300]);
});

/** 200 ms whose end was claimed while the queue still had them, and what comes after a move of the queue at `fromMs`. */
function afterEarlyEnd(fromMs: number): number | undefined {
  const stage = new Stage();
  stage.timeline.listenerChanged(true);
  const turn = stage.openTurn();
  const first = stage.say(turn, 'One.', 200);
  stage.clock.advance(50);
  stage.timeline.playhead({
    responseId: first,
    startedAtMs: at(0),
    heardSamples: samplesIn(200),
    positionAtMs: at(200),
    phase: 'ended',
    evidence: 'device',
    errorBoundMs: 0,
  });
  expect(responseOf(stage.timeline.state, first)).toBeUndefined();

  stage.timeline.queueMoved(at(fromMs), 1000);
  const { id: second } = turn.begin({});
  stage.timeline.audioSent(second, samplesIn(100), RATE_HZ, at(210));
  return responseOf(stage.timeline.state, second)?.audio?.runs[0]?.leavesAtMs;
}

it('[LW9] audio that is still in a queue that moves is before the next, though its end was claimed', () => {
  expect(afterEarlyEnd(100)).toBe(1200);
});

it('[LW9] a move of a queue that has let out all of it delays nothing', () => {
  expect(afterEarlyEnd(200)).toBe(210);
});
