import type { ResponseView } from './response_view.ts';

/** How far off the starts of one response were told, in ms: negative is early. */
export interface TimingError {
  readonly responseId: string;
  readonly title: string;
  /** The instant in Oncue's event. */
  readonly eventErrorMs: number;
  /** LiveKit's own event: the first frame handed over. */
  readonly stockErrorMs: number;
  /** From the sound to the call of the response's first task. */
  readonly taskDelayMs?: number;
  /** It followed another response without a pause, so it was handed over ahead of time on purpose. */
  readonly follows: boolean;
}

/** A response that begins this soon after the one before follows it without a pause. */
const FOLLOWS_WITHIN_MS = 120;

/** What can be said of the responses whose true start is known. */
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
      ...(task ? { taskDelayMs: task.startedAtMs - truthMs } : {}),
      follows,
    };
  });
}

/** The middle of the sizes of some errors; `undefined` of none. */
export function medianSize(errorsMs: readonly number[]): number | undefined {
  const sorted = errorsMs.map(Math.abs).sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
