// Tests for SPEC.md, "Tasks": the functions themselves.
import { expect, it, vi } from 'vitest';
import { TaskRunner } from '../src/application/task_runner.ts';
import { OncueAbort, type ResponseId, type TaskStarted } from '../src/index.ts';

const started = (taskId: string): TaskStarted => ({ taskId }) as TaskStarted;

it('[MM1] the function of a response that was not heard is forgotten, those of other responses are not', () => {
  const runner = new TaskRunner(() => {});
  const ran: string[] = [];
  for (const [taskId, of] of ['a', 'a', 'b'].entries())
    runner.bind(String(taskId), of as ResponseId, () => void ran.push(`${taskId} of ${of}`));

  runner.forget('a' as ResponseId);
  for (const taskId of ['0', '1', '2']) runner.start(started(taskId));

  expect(ran).toEqual(['2 of b']);
});

it('[TK1] a task without a function neither runs nor settles, and may be aborted', async () => {
  const onSettled = vi.fn();
  const runner = new TaskRunner(onSettled);
  runner.start(started('unknown'));
  runner.abort('unknown', 'cut');
  await runner.settled();

  expect(runner.runningIds).toEqual([]);
  expect(onSettled).not.toHaveBeenCalled();
});

it('[TK2] the reason of an aborted signal is an AbortError that says why, also to who never heard of Oncue', () => {
  const runner = new TaskRunner(() => {});
  const signals: AbortSignal[] = [];
  runner.bind('t', 'r' as ResponseId, (_event, signal) => void signals.push(signal));
  runner.start(started('t'));
  runner.abort('t', 'not_heard');

  const { reason } = signals[0] as AbortSignal;
  expect(reason).toBeInstanceOf(OncueAbort);
  expect(reason).toMatchObject({
    name: 'AbortError',
    code: 'not_heard',
    message: 'the task was aborted: not_heard',
  });
});
