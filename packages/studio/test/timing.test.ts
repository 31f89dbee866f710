import { expect, it } from 'vitest';
import { signedMillis } from '../page/model/format.ts';
import { lanesOf } from '../page/model/lanes.ts';
import { spreadOf, timingErrors, timingFigures } from '../page/model/timing.ts';
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
      task: { delayMs: 11, timing: 'confirmed' },
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

it('[ST18] compares both events over the same responses, and each kind of task by itself', () => {
  const error = { responseId: 'r', title: 'R', eventErrorMs: 0, stockErrorMs: 0, follows: false };
  const figures = timingFigures([
    { ...error, eventErrorMs: 2, stockErrorMs: -90, task: { delayMs: -3, timing: 'predicted' } },
    { ...error, eventErrorMs: -1, stockErrorMs: -40, task: { delayMs: 600, timing: 'confirmed' } },
    { ...error, eventErrorMs: 9, stockErrorMs: -2000, follows: true },
  ]);

  expect(figures).toEqual({
    oncue: { medianMs: 0.5, leastMs: -1, mostMs: 2 },
    stock: { medianMs: -65, leastMs: -90, mostMs: -40 },
    comparedCount: 2,
    followingCount: 1,
    predictedTasks: { medianMs: -3, leastMs: -3, mostMs: -3 },
    confirmedTasks: { medianMs: 600, leastMs: 600, mostMs: 600 },
  });
});

it('[ST18] a median keeps its sign', () => {
  expect(spreadOf([])).toBeUndefined();
  expect(spreadOf([-3])).toEqual({ medianMs: -3, leastMs: -3, mostMs: -3 });
  expect(spreadOf([4, -3, 1, 2])).toEqual({ medianMs: 1.5, leastMs: -3, mostMs: 4 });
});

it.each([
  [0.04, '0.0 ms'],
  [-0.04, '0.0 ms'],
  [-0.06, '−0.1 ms'],
  [1.23, '+1.2 ms'],
  [-93.4, '−93 ms'],
  [2340, '+2,340 ms'],
])('[ST18] %d ms is shown as %s', (ms, text) => {
  expect(signedMillis(ms)).toBe(text);
});
