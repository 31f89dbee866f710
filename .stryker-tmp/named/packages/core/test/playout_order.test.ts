// Tests for SPEC.md, "Responses": what plays in which order, and what is no longer played.
import { expect, it } from 'vitest';
import type { ResponseId } from '../src/index.ts';
import { Stage, samplesIn } from './support/stage.ts';

const RATE_HZ = 48_000;

/** What became of responses and queued states, in the order in which it was told. */
function told(stage: Stage): readonly string[] {
  return stage.events.all.flatMap((event) => {
    if (event.type === 'response_playback_started') return [`started ${event.responseId}`];
    if (event.type === 'response_playback_finished')
      return [`${event.outcome} ${event.responseId}`];
    if (event.type === 'response_skipped') return [`${event.reason} ${event.responseId}`];
    if (event.type === 'agent_state_dropped') return [`dropped ${event.state}`];
    return [];
  });
}

it('[RS5] a response does not start on the estimate before a cut one before it has ended', () => {
  const stage = new Stage({ options: { cutReportTimeoutMs: 5000, reportTimeoutMs: 100 } });
  stage.timeline.listenerChanged(true);
  stage.say(stage.openTurn(), 'One.', 1000);
  stage.clock.advance(300);

  stage.timeline.cut('user_speech');
  stage.say(stage.openTurn(), 'Two.', 500);
  stage.clock.advance(10_000);

  expect(told(stage)).toEqual([
    'started turn_1.0',
    'cut turn_1.0',
    'started turn_2.0',
    'heard turn_2.0',
  ]);
});

it('[RS5] a cut response ends when what plays before it has ended', () => {
  const stage = new Stage();
  stage.say(stage.openTurn(), 'One.', 1000);
  const cut = stage.openTurn();
  stage.say(cut, 'Two.', 1000);
  stage.clock.advance(300);

  cut.end('user_speech');
  stage.clock.advance(300);
  expect(told(stage)).toEqual(['started turn_1.0']);
  stage.clock.advance(1000);

  expect(told(stage)).toEqual(['started turn_1.0', 'heard turn_1.0', 'cut turn_2.0']);
});

it('[RS5][SQ3] a cut drops a state between two responses before it ends the second', () => {
  const stage = new Stage();
  const turn = stage.openTurn();
  stage.say(turn, 'One.', 1000);
  turn.queueAgentState('thinking');
  stage.say(turn, 'Two.', 1000);
  stage.clock.advance(300);

  stage.timeline.cut('user_speech');

  expect(told(stage)).toEqual([
    'started turn_1.0',
    'cut turn_1.0',
    'dropped thinking',
    'cut turn_1.1',
  ]);
});

it('[RS5] a cut of one turn does not bring the next response forward over what still plays', () => {
  const stage = new Stage();
  stage.say(stage.openTurn(), 'One.', 1000);
  const cut = stage.openTurn();
  stage.say(cut, 'Two.', 1000);
  stage.clock.advance(300);

  cut.end('user_speech');
  stage.say(stage.openTurn(), 'Three.', 500, { task: { run: () => {}, timing: 'predicted' } });
  stage.clock.advance(5000);

  expect(stage.events.only('task_started').atMs).toBeGreaterThanOrEqual(1000);
});

it('[RS3] audio that comes after the end of its turn does not count as sent', () => {
  const stage = new Stage();
  const turn = stage.openTurn();
  stage.say(turn, 'One.', 1000);
  const { id } = turn.begin();
  turn.addText('Two.');
  turn.end();

  stage.send(id, 500);
  stage.clock.advance(5000);

  expect(told(stage)).toEqual(['started turn_1.0', 'heard turn_1.0', 'not_played turn_1.1']);
});

it.each([
  ['the end of its audio', (stage: Stage, id: ResponseId) => stage.timeline.audioEnded(id)],
  ['a cut', (stage: Stage) => stage.timeline.cut('user_speech')],
])('[PB7] audio that comes after %s does not count as sent', (_, stop) => {
  const stage = new Stage();
  stage.timeline.listenerChanged(true);
  const { id } = stage.openTurn().begin();
  stage.send(id, 1000);
  stage.clock.advance(100);

  stop(stage, id);
  stage.timeline.audioSent(id, samplesIn(500), RATE_HZ);
  stage.clock.advance(10_000);

  expect(stage.events.only('response_playback_finished').sentMs).toBe(1000);
});

it('[RS5] audio of a later turn ends the audio of an earlier one, though its end was never told', () => {
  const stage = new Stage();
  const { id } = stage.openTurn().begin();
  stage.send(id, 1000);

  stage.say(stage.openTurn(), 'Two.', 500);
  stage.clock.advance(5000);

  expect(told(stage)).toEqual([
    'started turn_1.0',
    'heard turn_1.0',
    'started turn_2.0',
    'heard turn_2.0',
  ]);
});

it('[RS7] a response that failed is told as failed, though its turn was cut then', () => {
  const stage = new Stage();
  const turn = stage.openTurn();
  stage.say(turn, 'One.', 1000);
  const { id } = turn.begin();
  turn.addText('Two.');
  stage.timeline.responseFailed(id, 'no voice');
  stage.clock.advance(100);

  stage.timeline.cut('user_speech');

  expect(stage.events.only('response_skipped')).toMatchObject({
    reason: 'failed',
    detail: 'no voice',
  });
});
