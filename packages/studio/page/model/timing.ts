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
  readonly taskDelayMs?: number;
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
      ...(task ? { taskDelayMs: task.startedAtMs - truthMs } : {}),
      follows,
    };
  });
}

/** The median of the errors' absolute values; `undefined` if there are none. */
export function medianSize(errorsMs: readonly number[]): number | undefined {
  const sorted = errorsMs.map(Math.abs).sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
