import type { ResponseTask } from '../application/task_runner.ts';
import type { FinishedHandler } from '../declared_response.ts';
import type { TaskTiming } from '../events.ts';
import { assertFunction, assertKnown, assertObject, bad } from './check_arguments.ts';

/** How a response is declared. */
export interface BeginOptions {
  /** Any value. Every event of the response carries it. A trace keeps the part that JSON can encode. */
  readonly metadata?: unknown;
  /** Short for `task: { run }`. Cannot be given together with `task`. */
  readonly onPlaybackStarted?: ResponseTask;
  /** What runs when the response begins to be heard. */
  readonly task?: TaskOptions;
  /**
   * Called once, when the response has ended after some of it was heard: `event.outcome` says whether to its end.
   * Never called for a response that is skipped [AH1]. If it throws or rejects, `callback_failed` fires.
   */
  readonly onPlaybackFinished?: FinishedHandler;
}

/** What runs when a response begins to be heard, and how [TK8]. */
export interface TaskOptions {
  /** Called once, when the response begins to be heard. Never called if it is not heard [TK1]. */
  readonly run: ResponseTask;
  /**
   * `confirmed` (default): run once the sound is known to be heard. `predicted`: run at the instant at which the sound
   * is expected to be heard, which is earlier and may turn out wrong [TK5].
   */
  readonly timing?: TaskTiming;
  /** Whether a cut of the response aborts the task's signal. Default `false`: the task goes on [TK2]. */
  readonly abortOnCut?: boolean;
}

const BEGIN_OPTIONS = ['metadata', 'onPlaybackStarted', 'task', 'onPlaybackFinished'];
const TASK_OPTIONS = ['run', 'timing', 'abortOnCut'];

/**
 * The task of a response with its defaults filled in; `undefined` if it has none.
 *
 * @throws OncueError `ONCUE_BAD_OPTION` for an option that is unknown or of the wrong type, and for `task` together
 *   with `onPlaybackStarted`.
 */
export function taskOf(options: BeginOptions): Required<TaskOptions> | undefined {
  assertObject('begin takes', options);
  for (const name of TASK_OPTIONS) {
    if (name in options)
      throw bad(`"${name}" belongs to the task: begin({ task: { ${name}, … } })`);
  }
  assertKnown('begin', options, BEGIN_OPTIONS);
  const { onPlaybackStarted, task, onPlaybackFinished } = options;
  if (onPlaybackFinished !== undefined) assertFunction('onPlaybackFinished', onPlaybackFinished);
  if (onPlaybackStarted !== undefined && task !== undefined)
    throw bad('give begin either task or onPlaybackStarted, which is short for task: { run }');
  if (onPlaybackStarted !== undefined) {
    assertFunction('onPlaybackStarted', onPlaybackStarted);
    return { run: onPlaybackStarted, timing: 'confirmed', abortOnCut: false };
  }
  if (task === undefined) return undefined;
  assertObject('task takes', task);
  assertKnown('task', task, TASK_OPTIONS);
  const { run, timing = 'confirmed', abortOnCut = false } = task;
  assertFunction('task.run', run);
  if (timing !== 'confirmed' && timing !== 'predicted')
    throw bad(`task.timing is "${String(timing)}"; use 'confirmed' or 'predicted'`);
  if (typeof abortOnCut !== 'boolean') throw bad('task.abortOnCut must be true or false');
  return { run, timing, abortOnCut };
}
