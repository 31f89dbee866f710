import { expect, it } from 'vitest';
import { lanesOf } from '../page/model/lanes.ts';
import { medianSize, timingErrors } from '../page/model/timing.ts';
import { RecordedRun } from './support/recorded_run.ts';

it('[ST5] compares the event, the first frame and the task with what the page played', () => {
  const run = new RecordedRun();
  const turn = run.turn();
  const { id } = turn.begin({ metadata: { title: 'Answer' }, onPlaybackStarted: () => {} });
  turn.addText('one two');
  run.clock.advance(40);
  run.send(id, ['one', 'two'], 100);
  run.clock.advance(70);
  run.heard(id, 10);
  run.note('listener_truth', { responseId: id, soundedAtMs: 99 });
  run.clock.advance(190);
  run.heard(id, 200, 'ended');

  expect(timingErrors(lanesOf(run.lines).model.responses)).toEqual([
    {
      responseId: id,
      title: 'Answer',
      eventErrorMs: 1,
      stockErrorMs: -59,
      taskDelayMs: 11,
      follows: false,
    },
  ]);
});

it('[ST5] marks what followed without a pause, and leaves out what no page measured', () => {
  const run = new RecordedRun();
  const turn = run.turn();
  const ids = ['a', 'b', 'c'].map((text) => {
    const { id } = turn.begin();
    turn.addText(text);
    return id;
  });
  for (const id of ids) {
    run.send(id, ['word'], 100);
    run.clock.advance(100);
    run.heard(id, 100, 'ended');
    const soundedAtMs = run.clock.nowMs() - 100;
    if (id !== ids[2]) run.note('listener_truth', { responseId: id, soundedAtMs });
  }

  const errors = timingErrors(lanesOf(run.lines).model.responses);

  expect(errors.map(({ follows }) => follows)).toEqual([false, true]);
});

it('[ST5] the median size is the median of the absolute values', () => {
  expect(medianSize([])).toBeUndefined();
  expect(medianSize([-3])).toBe(3);
  expect(medianSize([-3, 1, 2])).toBe(2);
  expect(medianSize([4, -3, 1, 2])).toBe(2.5);
});
