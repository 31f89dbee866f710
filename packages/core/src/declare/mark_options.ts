import type { ResponseTask } from '../application/task_runner.ts';
import { type AgentStateName, isQueueable, QUEUEABLE_STATES } from '../events.ts';
import { assertFunction, assertKnown, assertObject, bad } from './check_arguments.ts';

/** What happens when a mark is reached. */
export interface MarkOptions {
  /**
   * Puts the agent in this state when the mark is reached, in the middle of the response [MK3]. The state then stays until
   * the next one: the next response that begins to be heard makes it `speaking`.
   */
  readonly agentState?: AgentStateName;
  /** Short for `task: { run }`. Cannot be given together with `task`. */
  readonly onReached?: ResponseTask;
  /** What runs when the mark is reached. Its event has the name of the mark in `mark`. */
  readonly task?: MarkTaskOptions;
  /**
   * Where in the text of the response the mark is, as a UTF-16 offset ≥ 0, which may lie in text that is still to come.
   * Default: at the end of the text so far.
   */
  readonly textOffset?: number;
}

/** What runs when a mark is reached [MK3]. */
export interface MarkTaskOptions {
  /** Called once, when the mark is reached. Never called if it is not reached. */
  readonly run: ResponseTask;
  /** Whether a cut of the response aborts the task's signal. Default `false`: the task goes on [TK2]. */
  readonly abortOnCut?: boolean;
}

/** A mark as its turn was asked to place it. */
export interface CheckedMark {
  readonly name: string;
  readonly agentState?: AgentStateName;
  readonly textOffset?: number;
  readonly task?: Required<MarkTaskOptions>;
}

const MARK_OPTIONS = ['agentState', 'onReached', 'task', 'textOffset'];
const TASK_OPTIONS = ['run', 'abortOnCut'];

/**
 * @throws OncueError `ONCUE_BAD_OPTION` for a name that is not a string with a character, for an option that is unknown
 *   or of the wrong type, and for `task` together with `onReached`.
 */
export function checkedMark(name: string, options: MarkOptions): CheckedMark {
  if (typeof name !== 'string' || name === '')
    throw bad('a mark needs a name: mark("map") with a string that is not empty');
  assertObject('mark takes', options);
  assertKnown('mark', options, MARK_OPTIONS);
  const { agentState, textOffset } = options;
  if (agentState !== undefined && !isQueueable(agentState))
    throw bad(`agentState is "${String(agentState)}"; use one of ${QUEUEABLE_STATES.join(', ')}`);
  if (textOffset !== undefined && !(Number.isInteger(textOffset) && textOffset >= 0))
    throw bad(`textOffset is ${String(textOffset)}; give a whole number ≥ 0`);
  const task = taskOf(options);
  return {
    name,
    ...(agentState === undefined ? {} : { agentState }),
    ...(textOffset === undefined ? {} : { textOffset }),
    ...(task === undefined ? {} : { task }),
  };
}

function taskOf({ onReached, task }: MarkOptions): Required<MarkTaskOptions> | undefined {
  if (onReached !== undefined && task !== undefined)
    throw bad('give mark either task or onReached, which is short for task: { run }');
  if (onReached !== undefined) {
    assertFunction('onReached', onReached);
    return { run: onReached, abortOnCut: false };
  }
  if (task === undefined) return undefined;
  assertObject('task takes', task);
  assertKnown('task', task, TASK_OPTIONS);
  const { run, abortOnCut = false } = task;
  assertFunction('task.run', run);
  if (typeof abortOnCut !== 'boolean') throw bad('task.abortOnCut must be true or false');
  return { run, abortOnCut };
}
