import { describe, expect, it } from 'vitest';
import { Stage } from './support/stage.ts';

const run = (): void => {};

it('[RS12] callbacks may return anything, and TypeScript takes them', () => {
  const stage = new Stage({ listener: {} });
  const list: string[] = [];
  const turn = stage.openTurn();
  stage.say(turn, 'One.', 100, {
    onPlaybackStarted: () => list.push('started'),
    onPlaybackFinished: () => list.push('finished'),
  });
  turn.mark('end', { onReached: () => list.push('reached') });
  stage.say(turn, 'Two.', 100, { task: { run: () => list.length } });
  stage.clock.advance(500);

  expect(list).toContain('started');
  expect(list).toContain('finished');
  expect(stage.events.ofType('callback_failed')).toEqual([]);
});

describe('the task of a response', () => {
  it('[TK8] onPlaybackStarted is short for a task with its defaults', () => {
    const stage = new Stage({ listener: {} });
    const turn = stage.openTurn();

    stage.say(turn, 'One.', 100, { onPlaybackStarted: run });
    stage.say(turn, 'Two.', 100, { task: { run } });
    stage.clock.advance(150);
    stage.cut();

    expect(stage.events.ofType('task_started')).toMatchObject([
      { index: 0, timing: 'confirmed' },
      { index: 1, timing: 'confirmed' },
    ]);
    expect(stage.events.ofType('task_aborted')).toEqual([]);
  });

  it('[TK8] timing and abortOnCut are options of the task', async () => {
    const stage = new Stage({ listener: { faults: { delayMs: 30 } } });
    const forever = (): Promise<void> => new Promise(() => {});

    stage.say(stage.openTurn(), 'One.', 100, {
      task: { run: forever, timing: 'predicted', abortOnCut: true },
    });
    stage.clock.advance(50);
    stage.cut();
    stage.clock.advance(50);

    expect(stage.events.only('task_started').timing).toBe('predicted');
    expect(stage.events.only('task_aborted').reason).toBe('cut');
  });

  it.each([
    [{ timing: 'predicted' }, 'belongs to the task'],
    [{ onPlaybackStarted: run, abortOnCut: true }, 'belongs to the task'],
    [{ run }, 'belongs to the task'],
    [{ metaData: 1 }, 'begin has no option "metaData"'],
    [{ task: { run }, onPlaybackStarted: run }, 'either task or onPlaybackStarted'],
    [{ task: run }, 'task takes an object'],
    [{ task: null }, 'task takes an object'],
    [{ task: {} }, 'task.run must be a function'],
    [{ task: { run, abortOncut: true } }, 'task has no option "abortOncut"'],
    [{ task: { run, timing: 'predictd' } }, "use 'confirmed' or 'predicted'"],
    [{ task: { run, abortOnCut: 1 } }, 'task.abortOnCut must be true or false'],
  ])('[TK8] begin refuses %o with a message that says what to do', (options, advice) => {
    const stage = new Stage();
    const turn = stage.openTurn();

    expect(() => turn.begin(options as never)).toThrow(
      expect.objectContaining({
        code: 'ONCUE_BAD_OPTION',
        message: expect.stringContaining(advice),
      }),
    );
    expect(stage.events.ofType('response_declared')).toEqual([]);
  });
});
