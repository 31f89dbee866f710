import type { ResponseView, SceneView } from '../terminal/run_view.ts';

/** One response compared with the recording. All in ms; positive is after the true first sample. */
export interface Figures {
  /** The start event's `startedAtMs` minus the truth. */
  readonly startErrorMs: number | undefined;
  /** When the start event was emitted. */
  readonly eventAfterMs: number | undefined;
  /** When the first line of the task ran. */
  readonly taskAfterMs: number | undefined;
  /** When the plain `agent_state_changed` handler saw `speaking`. */
  readonly handlerAfterMs: number | undefined;
  /** When LiveKit's room output would have reported the start. Negative: before the sound. */
  readonly stockAfterMs: number | undefined;
  /** The silence between this response and the one before it in the same turn. */
  readonly gapMs: number | undefined;
}

export function figuresOf(scene: SceneView, response: ResponseView): Figures {
  const truthMs = response.found?.firstSampleAtMs;
  const after = (atMs: number | undefined): number | undefined =>
    atMs === undefined || truthMs === undefined ? undefined : atMs - truthMs;
  const since = (atMs: number | undefined): number | undefined =>
    atMs === undefined || truthMs === undefined ? undefined : truthMs - atMs;
  return {
    startErrorMs: after(response.started?.startedAtMs),
    eventAfterMs: after(response.started?.eventAtMs),
    taskAfterMs: after(response.taskRuns[0]?.atMs),
    handlerAfterMs: after(speakingAtMs(scene, response)),
    stockAfterMs: after(response.found?.handedOverAtMs),
    gapMs: since(previousEndMs(scene, response)),
  };
}

/** The instant of the `speaking` state of this response. */
function speakingAtMs(scene: SceneView, response: ResponseView): number | undefined {
  const heard = scene.responses.filter((one) => one.started !== undefined);
  const place = heard.indexOf(response);
  if (place < 0) return undefined;
  return scene.seenStates.filter(({ state }) => state === 'speaking')[place]?.atMs;
}

function previousEndMs(scene: SceneView, response: ResponseView): number | undefined {
  const place = scene.responses.indexOf(response);
  const before = scene.responses
    .slice(0, place)
    .filter((one) => one.turnId === response.turnId && one.measured !== undefined)
    .at(-1);
  return before?.measured?.endedAtMs;
}

/** The median of the values. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** The outcome `heard`, `cut`, `failed` or `skipped`; before it `playing`, `sent` or `waiting`. */
export function statusOf(response: ResponseView): string {
  if (response.skipped) return 'skipped';
  if (response.finished) return response.finished.outcome;
  if (response.started) return 'playing';
  return response.sentSamples > 0 ? 'sent' : 'waiting';
}
