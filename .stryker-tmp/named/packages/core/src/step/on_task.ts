import { unreachable } from '../units.ts';
import type { TimelineInput } from './inputs.ts';
import type { Draft } from './state/draft.ts';

type TaskInput = Extract<TimelineInput, { type: 'task_bound' | 'task_settled' | 'task_cancelled' }>;

/** Binds tasks to responses and records how they end. Also works in a closed timeline [TK4]. */
export function takeTaskInput(draft: Draft, input: TaskInput): void {
  if (input.type === 'task_bound') {
    const { responseId, taskId, timing, abortOnCut } = input;
    const response = draft.response(responseId);
    if (!response) return;
    draft.patchResponse(responseId, { tasks: [...response.tasks, { taskId, timing, abortOnCut }] });
    return;
  }
  // An aborted task has had its last event, whatever its promise does later.
  const running = draft.state.runningTasks.find(({ task }) => task.taskId === input.taskId);
  if (!running) return;
  draft.patch({ runningTasks: draft.state.runningTasks.filter((other) => other !== running) });
  const of = { ...running.of, taskId: input.taskId };
  switch (input.type) {
    case 'task_settled':
      if (input.message === undefined) draft.emit({ type: 'task_finished', ...of });
      else draft.emit({ type: 'task_failed', ...of, message: input.message });
      return;
    case 'task_cancelled':
      draft.emit({ type: 'task_aborted', ...of, reason: input.reason });
      return;
    default:
      unreachable(input);
  }
}
