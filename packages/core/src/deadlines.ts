import { expectedEndMs, expectedStartMs, findResponse } from './estimated_playhead.ts';
import type { ResponseState, TimelineState } from './state.ts';
import { type AgentMs, addMs, type ResponseId } from './units.ts';

/** The next thing that happens without an input. */
export interface Due {
  readonly atMs: AgentMs;
  readonly responseId: ResponseId;
  readonly what: 'predicted_start' | 'estimated_start' | 'estimated_end' | 'cut_unreported';
}

/**
 * What is due next, if nothing else happens before. `undefined`: nothing. While paused only cuts are.
 *
 * Only the first response of the playout can start or end on an estimate, since order is playout order [RS5].
 */
export function nextDue(state: TimelineState): Due | undefined {
  const patienceMs = state.listening ? state.options.reportTimeoutMs : 0;
  let first: Due | undefined;
  const consider = (due: Due | undefined): void => {
    if (due && (!first || due.atMs < first.atMs)) first = due;
  };
  state.playout.forEach((id, place) => {
    const response = findResponse(state, id);
    if (!response) return;
    if (response.cut) {
      const atMs = addMs(response.cut.atMs, state.options.cutReportTimeoutMs);
      consider({ atMs, responseId: id, what: 'cut_unreported' });
      return;
    }
    if (state.pausedAtMs !== undefined) return;
    consider(predictedStart(state, response));
    if (place === 0) consider(headDue(state, response, patienceMs));
  });
  return first;
}

function headDue(
  state: TimelineState,
  response: ResponseState,
  patienceMs: number,
): Due | undefined {
  if (response.playback.status === 'unheard') {
    const startMs = expectedStartMs(state, response);
    if (startMs === undefined) return undefined;
    return { atMs: addMs(startMs, patienceMs), responseId: response.id, what: 'estimated_start' };
  }
  if (!response.audioEnded) return undefined;
  const endMs = expectedEndMs(state, response);
  return { atMs: addMs(endMs, patienceMs), responseId: response.id, what: 'estimated_end' };
}

function predictedStart(state: TimelineState, response: ResponseState): Due | undefined {
  if (response.predictedAtMs !== undefined || response.playback.status !== 'unheard')
    return undefined;
  if (!response.tasks.some((task) => task.timing === 'predicted')) return undefined;
  const atMs = expectedStartMs(state, response);
  return atMs === undefined
    ? undefined
    : { atMs, responseId: response.id, what: 'predicted_start' };
}
