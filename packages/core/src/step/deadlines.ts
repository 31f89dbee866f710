import { type AgentMs, addMs, laterOf, type ResponseId } from '../units.ts';
import { cutPatienceMs, reportsAll, waitedUntilMs } from './claims/unreported.ts';
import { type Expected, expectedPlayout } from './estimated_playhead.ts';
import { markDueMs, reportPatienceMs } from './marks.ts';
import type { ResponseState, TimelineState } from './state/state.ts';

/** The next thing that happens without an external input. */
export interface Due {
  readonly atMs: AgentMs;
  readonly responseId: ResponseId;
  readonly what:
    | 'predicted_start'
    | 'estimated_start'
    | 'estimated_mark'
    | 'estimated_end'
    | 'cut_unreported';
}

/**
 * What is due next, if no input comes first; `undefined` if nothing is. While paused, only cuts can be due.
 *
 * Only the first response of the playout can start or end on an estimate, since events follow playout order [RS5].
 */
export function nextDue(state: TimelineState): Due | undefined {
  if (state.playout.length === 0) return undefined;
  let first: Due | undefined;
  let isHead = true;
  let isCutSoFar = true;
  for (const expected of expectedPlayout(state)) {
    const isCut = expected.response.cut !== undefined;
    isCutSoFar &&= isCut;
    // A cut response has ended only when those that play before it have [RS5].
    if (isCutSoFar) first = earlier(first, cutUnreported(state, expected));
    else if (!isCut && state.pausedAtMs === undefined) {
      first = earlier(first, predictedStart(state, expected));
      if (isHead) first = earlier(first, headDue(state, expected));
    }
    isHead = false;
  }
  return first;
}

/** The earlier of two; `a` if both are due at the same instant. */
function earlier(a: Due | undefined, b: Due | undefined): Due | undefined {
  return a && (!b || a.atMs <= b.atMs) ? a : b;
}

function cutUnreported(state: TimelineState, { response }: Expected): Due | undefined {
  if (!response.cut) return undefined;
  const { atMs: cutAtMs, stoppedAtMs } = response.cut;
  // Without a reporting listener there is no report to wait for, but audio on its way still has to sound.
  const patienceMs = state.listening ? cutPatienceMs(state) : 0;
  const atMs = addMs(laterOf(cutAtMs, stoppedAtMs), patienceMs);
  return { atMs, responseId: response.id, what: 'cut_unreported' };
}

/** Within a few seconds it answers, or is known to be silent or gone; until then nothing is known [AU12]. */
function isOverdue({ listening, answers, audibility }: TimelineState): boolean {
  return listening && !answers && audibility === 'listening';
}

function headDue(state: TimelineState, expected: Expected): Due | undefined {
  if (isOverdue(state)) return undefined;
  const { response, startMs, endMs } = expected;
  const patienceMs = reportPatienceMs(state);
  if (reportsAll(state) && response.playback.status !== 'playing') return endDue(state, expected);
  if (response.playback.status === 'unheard') {
    return {
      atMs: addMs(startMs, patienceMs),
      responseId: response.id,
      what: 'estimated_start',
    };
  }
  const audibleFromMs = state.inaudibleTimes.at(-1)?.toMs;
  const isAudible = state.audibility === 'listening' && audibleFromMs !== undefined;
  if (response.playback.status === 'inaudible' && isAudible) {
    // Its middle is the first that somebody can hear. More of it must sound than it is in doubt since when he can [AU5].
    const doubtMs = state.inaudibleTimes.at(-1)?.toErrorBoundMs ?? 0;
    if (addMs(audibleFromMs, doubtMs) < endMs)
      return due('estimated_start', addMs(audibleFromMs, Math.max(patienceMs, doubtMs)), response);
  }
  const markMs = markDueMs(state, response);
  const mark = markMs && due('estimated_mark', addMs(markMs, patienceMs), response);
  return earlier(mark, endDue(state, expected));
}

/** When it ends without a report. */
function endDue(state: TimelineState, expected: Expected): Due | undefined {
  const { response, endMs } = expected;
  if (!response.audioEnded) return undefined;
  const atMs = reportsAll(state)
    ? waitedUntilMs(state, expected)
    : addMs(endMs, reportPatienceMs(state));
  return due('estimated_end', atMs, response);
}

function due(what: Due['what'], atMs: AgentMs, { id: responseId }: ResponseState): Due {
  return { atMs, responseId, what };
}

function predictedStart(state: TimelineState, expected: Expected): Due | undefined {
  const { response, startMs } = expected;
  // A task does not run ahead of what nobody will hear.
  if (state.audibility !== 'listening' || isOverdue(state)) return undefined;
  if (response.predictedAtMs !== undefined || response.playback.status !== 'unheard') {
    return undefined;
  }
  if (!response.tasks.some((task) => task.timing === 'predicted')) return undefined;
  return { atMs: startMs, responseId: response.id, what: 'predicted_start' };
}
