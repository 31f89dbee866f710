// Tests for SPEC.md, LK7: what may have been heard of responses that were cut, until their listener has said it.
import { expect, it } from 'vitest';
import type { AgentMs, ResponseId, TimelineOptions } from '../src/index.ts';
import { latestOutcomes } from '../src/internal.ts';
import { Stage, samplesIn } from './support/stage.ts';

/** A stage whose listener has begun to hear `Long.` when it was sent, and reports nothing by itself. */
function heardStage(options: Partial<TimelineOptions> = {}) {
  const stage = new Stage({ options: { estimateErrorBoundMs: 100, ...options } });
  stage.timeline.listenerChanged(true);
  const turn = stage.openTurn();
  const id = stage.say(turn, 'Long.', 3000);
  return { stage, turn, id };
}

function report(stage: Stage, responseId: ResponseId, heardMs: number): void {
  stage.timeline.playhead({
    responseId,
    startedAtMs: 0 as AgentMs,
    heardSamples: samplesIn(heardMs),
    positionAtMs: stage.clock.nowMs(),
    phase: 'playing',
    evidence: 'device',
    errorBoundMs: 0,
  });
}

const latest = ({ timeline, clock }: Stage) =>
  latestOutcomes(timeline.state, clock.nowMs()).map(({ outcome }) => outcome);

it('[LK7] until the report comes, a cut response was heard up to the cut and its error bound', () => {
  const { stage, id } = heardStage();
  stage.clock.advance(300);
  stage.timeline.cut('user_speech');

  expect(latest(stage)).toEqual([
    expect.objectContaining({
      type: 'response_playback_finished',
      responseId: id,
      outcome: 'cut',
      heardMs: 400,
    }),
  ]);
  expect(stage.events.ofType('response_playback_finished')).toEqual([]);
});

it('[LK7] where the cut emptied a queue, what had left by then and the bound', () => {
  const { stage } = heardStage({ estimateDelayMs: 200 });
  stage.clock.advance(300);
  stage.timeline.cut('user_speech', 'queue');

  expect(latest(stage)).toMatchObject([{ heardMs: 320 }]);
});

it('[LK7] what had left is no less certain because the path is hardly known', () => {
  const { stage } = heardStage();
  stage.timeline.pathEstimated(200, 1200);
  stage.clock.advance(300);
  stage.timeline.cut('user_speech', 'queue');

  expect(latest(stage)).toMatchObject([{ heardMs: 320 }]);
});

it('[LK7] where playout stood still before the cut, the position is known, and no bound adds to it', () => {
  const { stage, id } = heardStage();
  stage.clock.advance(300);
  report(stage, id, 300);
  stage.timeline.pause('ear');
  stage.clock.advance(200);
  stage.timeline.cut('user_speech');

  expect(latest(stage)).toMatchObject([{ heardMs: 300 }]);
});

it('[LK7] a position from before the pause is not that of the pause', () => {
  const { stage, id } = heardStage();
  stage.clock.advance(200);
  report(stage, id, 200);
  stage.clock.advance(100);
  stage.timeline.pause('ear');
  stage.clock.advance(200);
  stage.timeline.cut('user_speech');

  // The path has been measured, so its bound is the least.
  expect(latest(stage)).toMatchObject([{ heardMs: 305 }]);
});

it('[LK7] of several, each may have been heard or not; one that was not cut is not among them', () => {
  const { stage, turn, id } = heardStage();
  const second = stage.say(turn, 'More.', 500);
  stage.clock.advance(300);
  stage.timeline.cut('user_speech');
  stage.say(stage.openTurn(), 'Later.', 500);

  expect(latest(stage)).toEqual([
    expect.objectContaining({ type: 'response_playback_finished', responseId: id }),
    expect.objectContaining({ type: 'response_skipped', responseId: second, reason: 'cut' }),
  ]);
});
