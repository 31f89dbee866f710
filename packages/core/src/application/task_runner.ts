import { messageOf } from '../errors.ts';
import type { TaskAbortReason, TaskStarted } from '../events.ts';
import type { ResponseId } from '../units.ts';

/**
 * A function that runs when a response begins to be heard.
 *
 * @param event Names the response and the instant of its first sample.
 * @param signal Aborts on close, on a cut if `abortOnCut` is set, and if a predicted sound never came. Its `reason` is
 *   an `OncueAbort`.
 * @returns Anything. A promise is awaited: the task runs until it settles. Another value is not used [RS12].
 */
export type ResponseTask =
  | ((event: TaskStarted, signal: AbortSignal) => void)
  | ((event: TaskStarted, signal: AbortSignal) => Promise<void>);

/** The `reason` of a task's aborted signal. */
export class OncueAbort extends Error {
  readonly code: TaskAbortReason;

  constructor(code: TaskAbortReason) {
    super(`the task was aborted: ${code}`);
    this.name = 'AbortError';
    this.code = code;
  }
}

/** Calls, watches and aborts the functions of tasks. `step` decides which task runs when. */
export class TaskRunner {
  readonly #bound = new Map<
    string,
    { readonly responseId: ResponseId; readonly task: ResponseTask }
  >();
  readonly #running = new Map<
    string,
    { readonly controller: AbortController; readonly settled: Promise<void> }
  >();
  readonly #onSettled: (taskId: string, message: string | undefined) => void;

  constructor(onSettled: (taskId: string, message: string | undefined) => void) {
    this.#onSettled = onSettled;
  }

  get runningIds(): readonly string[] {
    return [...this.#running.keys()];
  }

  bind(taskId: string, responseId: ResponseId, task: ResponseTask): void {
    this.#bound.set(taskId, { responseId, task });
  }

  /** Drops the functions of a response that never ran. */
  forget(responseId: ResponseId): void {
    for (const [taskId, bound] of this.#bound) {
      if (bound.responseId === responseId) this.#bound.delete(taskId);
    }
  }

  start(event: TaskStarted): void {
    const task = this.#bound.get(event.taskId)?.task;
    if (!task) return;
    this.#bound.delete(event.taskId);
    const controller = new AbortController();
    this.#running.set(event.taskId, {
      controller,
      settled: this.#run(task, event, controller.signal),
    });
  }

  abort(taskId: string, reason: TaskAbortReason): void {
    this.#running.get(taskId)?.controller.abort(new OncueAbort(reason));
  }

  /** Resolves once every task that is running now has settled. */
  async settled(): Promise<void> {
    await Promise.all([...this.#running.values()].map((running) => running.settled));
  }

  async #run(task: ResponseTask, event: TaskStarted, signal: AbortSignal): Promise<void> {
    let message: string | undefined;
    try {
      await task(event, signal);
    } catch (error) {
      message = messageOf(error);
    }
    this.#running.delete(event.taskId);
    this.#onSettled(event.taskId, message);
  }
}
