import type { HeardInstant, TaskAbortReason, TaskTiming } from '../events.ts';
import type { AgentMs, ResponseId } from '../units.ts';
import type { Draft } from './state/draft.ts';
import type { BoundTask, ResponseRef, ResponseState } from './state/state.ts';

/**
 * Starts the tasks of one timing that are bound to a response. Each leaves its response's list as it starts, so no task
 * starts twice [TK1]. The shell runs the function when it sees `task_started`.
 */
export function startTasks(
  draft: Draft,
  id: ResponseId,
  timing: TaskTiming,
  start: HeardInstant,
): void {
  const response = draft.response(id);
  if (!response) return;
  // The sound itself starts predicted tasks that were not started before it.
  const due = response.tasks.filter((task) => timing === 'confirmed' || task.timing === timing);
  if (due.length === 0) return;
  draft.patchResponse(id, { tasks: response.tasks.filter((task) => !due.includes(task)) });
  const of = response.ref;
  draft.patch({
    runningTasks: [...draft.state.runningTasks, ...due.map((task) => ({ task, of }))],
  });
  for (const task of due) {
    draft.emit({ type: 'task_started', ...of, taskId: task.taskId, timing, ...start });
  }
}

/** Starts the task of a mark that is reached [MK3]. */
export function startTask(
  draft: Draft,
  of: ResponseRef,
  task: BoundTask,
  at: HeardInstant & { readonly mark: string },
): void {
  draft.patch({ runningTasks: [...draft.state.runningTasks, { task, of }] });
  draft.emit({ type: 'task_started', ...of, taskId: task.taskId, timing: task.timing, ...at });
}

/** Starts the predicted tasks of a response, before its sound [TK5]. */
export function startPredicted(
  draft: Draft,
  response: ResponseState,
  predictedAtMs: AgentMs,
): void {
  draft.patchResponse(response.id, { predictedAtMs });
  const errorBoundMs = draft.state.path.errorBoundMs;
  startTasks(draft, response.id, 'predicted', {
    startedAtMs: predictedAtMs,
    evidence: 'estimate',
    errorBoundMs,
  });
}

/** Compares the predicted start with the actual one [TK5]. */
export function checkPrediction(draft: Draft, response: ResponseState, start: HeardInstant): void {
  const { predictedAtMs } = response;
  if (predictedAtMs === undefined) return;
  draft.emit({
    type: 'prediction_checked',
    ...response.ref,
    predictedAtMs,
    errorMs: predictedAtMs - start.startedAtMs,
    evidence: start.evidence,
  });
}

/**
 * Aborts the running tasks of a response. A cut only aborts those with `abortOnCut` [TK2]. A task that was started for
 * a predicted sound that never came is always aborted.
 */
export function abortTasksOf(draft: Draft, id: ResponseId, reason: TaskAbortReason): void {
  for (const { task, of } of draft.state.runningTasks) {
    if (of.responseId !== id || (reason === 'cut' && !task.abortOnCut)) continue;
    draft.patch({ runningTasks: draft.state.runningTasks.filter((other) => other.task !== task) });
    draft.emit({ type: 'task_aborted', ...of, taskId: task.taskId, reason });
  }
}
