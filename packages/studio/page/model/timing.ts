import type { TaskTiming } from '@oncue/core';
import type { ResponseView } from './response_view.ts';

/** The errors of the reported starts of one response, in ms; negative is early. */
export interface TimingError {
  readonly responseId: string;
  readonly title: string;
  /** Of `startedAtMs` in Oncue's event. */
  readonly eventErrorMs: number;
  /** Of LiveKit's own event, which fires when the first frame is sent. */
  readonly stockErrorMs: number;
  /** From the sound to the start of the response's first task. */
  readonly task?: { readonly delayMs: number; readonly timing: TaskTiming };
  /** It followed another response without a pause, so its audio was sent early on purpose. */
  readonly follows: boolean;
}

/** A response that begins this soon after another one follows it without a pause. */
const FOLLOWS_WITHIN_MS = 120;

/** The errors of the responses whose true start is known. */
export function timingErrors(responses: readonly ResponseView[]): TimingError[] {
  let beforeEndMs = Number.NEGATIVE_INFINITY;
  return responses.flatMap((response) => {
    const { truthMs, start, sent } = response;
    const follows = (start?.startedAtMs ?? 0) - beforeEndMs < FOLLOWS_WITHIN_MS;
    if (start) beforeEndMs = response.endedAtMs ?? Number.NEGATIVE_INFINITY;
    if (truthMs === undefined || !start || !sent) return [];
    const task = response.tasks[0];
    return {
      responseId: response.id,
      title: response.title,
      eventErrorMs: start.startedAtMs - truthMs,
      stockErrorMs: sent.startMs - truthMs,
      ...(task ? { task: { delayMs: task.startedAtMs - truthMs, timing: task.timing } } : {}),
      follows,
    };
  });
}

/** The middle, the least and the greatest of some errors, with their signs. */
export interface Spread {
  readonly medianMs: number;
  readonly leastMs: number;
  readonly mostMs: number;
}

/** The figures of a run. */
export interface TimingFigures {
  /** Of the same responses: those after a pause. Audio that follows without a pause is handed over early on purpose. */
  readonly oncue: Spread | undefined;
  readonly stock: Spread | undefined;
  readonly comparedCount: number;
  readonly followingCount: number;
  /** Tasks that started at the instant at which the sound was expected. */
  readonly predictedTasks: Spread | undefined;
  /** Tasks that waited until the sound was known to be heard, so they are late by the way of the report. */
  readonly confirmedTasks: Spread | undefined;
}

/** Like compared with like: the two events for the same responses, and tasks by their kind. */
export function timingFigures(errors: readonly TimingError[]): TimingFigures {
  const compared = errors.filter(({ follows }) => !follows);
  const tasks = (timing: TaskTiming): number[] =>
    errors.flatMap(({ task }) => (task?.timing === timing ? task.delayMs : []));
  return {
    oncue: spreadOf(compared.map(({ eventErrorMs }) => eventErrorMs)),
    stock: spreadOf(compared.map(({ stockErrorMs }) => stockErrorMs)),
    comparedCount: compared.length,
    followingCount: errors.length - compared.length,
    predictedTasks: spreadOf(tasks('predicted')),
    confirmedTasks: spreadOf(tasks('confirmed')),
  };
}

/** `undefined` if there are none. */
export function spreadOf(errorsMs: readonly number[]): Spread | undefined {
  const sorted = [...errorsMs].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  const [leastMs] = sorted;
  const mostMs = sorted.at(-1);
  if (low === undefined || high === undefined || leastMs === undefined || mostMs === undefined)
    return undefined;
  return { medianMs: (low + high) / 2, leastMs, mostMs };
}
