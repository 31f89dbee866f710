import { expect, it } from 'vitest';
import { Stage } from './support/stage.ts';

it('[RS3][regression] a response that was cut before its first word is skipped as cut, not as without text', () => {
  // An interrupted pipeline stops reading the model's answer first and reports the interruption later.
  const stage = new Stage();
  const turn = stage.openTurn();
  turn.begin();

  turn.abandon();
  const skippedAtOnce = stage.events.ofType('response_skipped').length;
  turn.end('user_speech');

  expect(skippedAtOnce).toBe(0);
  expect(stage.events.ofType('response_skipped')).toMatchObject([{ reason: 'cut' }]);
});

it('[PB8][regression] a response whose synthesis failed claims no word that was never synthesized', () => {
  // All sent samples were heard, so an estimate in proportion to the samples would claim all of the text.
  const stage = new Stage();
  const turn = stage.openTurn();
  const { id } = turn.begin();
  turn.addText('one two three four');
  stage.timeline.wordsTimed(id, [
    { text: 'one ', endSamples: 4800 },
    { text: 'two ', endSamples: 9600 },
  ]);
  stage.send(id, 200);

  stage.timeline.responseFailed(id, 'the engine died');
  stage.timeline.audioEnded(id);
  turn.close();
  stage.clock.advance(1000);

  expect(stage.events.ofType('response_playback_finished')).toMatchObject([
    { outcome: 'failed', heardText: 'one two', fullText: 'one two three four' },
  ]);
});

it.each(['user_speech', undefined] as const)(
  '[RS10] a turn that was written ends as not_spoken, cut by %s',
  (cutBy) => {
    const stage = new Stage();
    const turn = stage.openTurn();
    turn.begin();
    turn.addText('one two');
    turn.queueAgentState('thinking');
    turn.begin();

    turn.end(cutBy, true);

    expect(stage.events.ofType('response_skipped')).toMatchObject([
      { reason: 'not_spoken' },
      { reason: cutBy === undefined ? 'not_played' : 'cut' },
    ]);
    expect(stage.events.ofType('agent_state_applied')).toEqual([]);
  },
);

it('[PB3] a listener that has played all it got has said its last word on a response that was cut', () => {
  const stage = new Stage();
  const turn = stage.openTurn();
  const { id } = turn.begin();
  turn.addText('one two and a half of');
  stage.timeline.listenerChanged(true);
  stage.timeline.audioSent(id, 1600, 16_000);
  stage.clock.advance(200);
  stage.timeline.cut('user_speech');

  stage.timeline.playhead({
    responseId: id,
    startedAtMs: 20 as never,
    heardSamples: 1600,
    positionAtMs: 120 as never,
    phase: 'ended',
    evidence: 'device',
    errorBoundMs: 1,
  });

  expect(stage.events.ofType('response_playback_finished')).toMatchObject([{ outcome: 'cut' }]);
});
