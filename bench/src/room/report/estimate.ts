import { initialState, step, type TimelineInput } from '@oncue/core';
import { parseTrace } from '@oncue/core/trace';

/** A start as it would have been reported without a listener that reports. */
export interface EstimatedStart {
  readonly startedAtMs: number;
  readonly errorBoundMs: number;
}

/** How often deadlines are looked at. */
const TICK_MS = 1;

/**
 * What the agent alone would have reported: the inputs of a recorded session once more, without those that came from the
 * listener, and with deadlines of their own. Each response is handed over when it was with a listener.
 *
 * @returns By response id.
 */
export function estimatedStarts(trace: string): ReadonlyMap<string, EstimatedStart> {
  const { header, lines } = parseTrace(trace);
  let state = initialState(header.options);
  const starts = new Map<string, EstimatedStart>();
  const take = (input: TimelineInput): void => {
    const result = step(state, input);
    state = result.state;
    for (const event of result.events) {
      if (event.type !== 'response_playback_started') continue;
      const { startedAtMs, errorBoundMs } = event;
      starts.set(event.responseId, { startedAtMs, errorBoundMs });
    }
  };
  let nowMs: number | undefined;
  for (const line of lines) {
    if (line.kind !== 'input') continue;
    const { atMs } = line.input;
    for (let tickMs = (nowMs ?? atMs) + TICK_MS; tickMs < atMs; tickMs += TICK_MS) {
      if (state.playout.length === 0) break;
      take({ type: 'tick', atMs: tickMs as typeof atMs });
    }
    nowMs = atMs;
    if (!isOfListener(line.input)) take(line.input);
  }
  return starts;
}

function isOfListener({ type }: TimelineInput): boolean {
  return type === 'playhead' || type === 'listener_changed' || type === 'tick';
}
