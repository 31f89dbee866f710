import type { Evidence, HeardInstant } from '../events.ts';
import { type AgentMs, addMs, earlierOf, laterOf, type ResponseId, samplesToMs } from '../units.ts';
import { plausibleDelayMs } from './claims/physics.ts';
import { expectedOf, modelledLeave } from './estimated_playhead.ts';
import { followDelay, observeDelay } from './path_delay.ts';
import { checkPrediction, startTasks } from './response_tasks.ts';
import type { Draft } from './state/draft.ts';
import type { Playing, ResponseState } from './state/state.ts';

/**
 * The start and the progress of a response as it is heard. A start is announced once, before anything that follows from
 * it [PB1].
 */

/** Announces the first heard sample [PB1, PB2], puts the agent in `speaking` [SQ2], starts the tasks [TK1]. */
export function startPlayback(draft: Draft, response: ResponseState, start: HeardInstant): void {
  if (response.playback.status === 'playing') return;
  draft.patchResponse(response.id, {
    playback: {
      status: 'playing',
      start,
      heardSamples: 0,
      positionAtMs: start.startedAtMs,
      movedAtMs: start.startedAtMs,
      positionEvidence: start.evidence,
      soundedAtMs: start.startedAtMs,
      soundedErrorBoundMs: start.errorBoundMs,
    },
  });
  draft.emit({ type: 'response_playback_started', ...response.ref, ...start });
  learnPath(draft, response, start);
  // A start that is only discovered after a cut or the end of its turn no longer changes the state [SQ4].
  if (!response.cut && !draft.turn(response.turnId)?.ending) {
    const { turnId } = response;
    draft.emit({ type: 'agent_state_applied', turnId, state: 'speaking', source: 'playback' });
  }
  checkPrediction(draft, response, start);
  startTasks(draft, response.id, 'confirmed', start);
}

/** Learns the delay of the path from a measured start. `before`: what was learned of the same start, now corrected. */
export function learnPath(
  draft: Draft,
  response: ResponseState,
  start: HeardInstant,
  before?: HeardInstant,
): void {
  const { audio } = response;
  if (start.evidence === 'estimate' || !audio || audio.startedInPause) return;
  const { path, playedUntilMs } = draft.state;
  // One that had to wait for a listener who was late with the response before it was not late itself.
  const leavesAtMs = laterOf(audio.modelStartMs, addMs(playedUntilMs, -path.delayMs));
  const delayOf = (measured: HeardInstant): number | undefined =>
    measured.evidence === 'estimate'
      ? undefined
      : plausibleDelayMs(measured.startedAtMs - leavesAtMs, measured);
  const delayMs = delayOf(start);
  if (delayMs === undefined) return;
  const wasLearned = before !== undefined && delayOf(before) !== undefined;
  const base = wasLearned ? { ...path, observedMs: path.observedMs.slice(0, -1) } : path;
  draft.patch({ path: observeDelay(base, delayMs, start.errorBoundMs) });
}

/** Follows the path by the sample heard last, where that is wanted. */
export function followPath(
  draft: Draft,
  id: ResponseId,
  { atMs: positionAtMs, errorBoundMs }: Pick<Position, 'atMs' | 'errorBoundMs'>,
): void {
  const { audio, playback } = draft.response(id) ?? {};
  if (!audio || audio.startedInPause || playback?.status !== 'playing') return;
  if (playback.movedAtMs !== positionAtMs) return;
  const { path, options } = draft.state;
  if (options.maxPathDriftMs <= 0) return;
  const leftMs = modelledLeave(audio, playback.heardSamples);
  const delayMs = plausibleDelayMs(positionAtMs - leftMs, { errorBoundMs });
  if (delayMs === undefined) return;
  draft.patch({ path: followDelay(path, delayMs, options.maxPathDriftMs) });
}

/** Announces the start on the agent's own estimate [PB5]. `noLaterThanMs`: when something after it sounded. */
export function startOnEstimate(
  draft: Draft,
  response: ResponseState,
  noLaterThanMs: AgentMs = draft.atMs,
): void {
  const expectedMs = expectedOf(draft.state, response)?.startMs ?? draft.atMs;
  startPlayback(draft, response, {
    startedAtMs: earlierOf(expectedMs, noLaterThanMs),
    evidence: 'estimate',
    errorBoundMs: draft.state.path.errorBoundMs,
  });
}

/** A position of the playhead, from a report or the estimate. */
export interface Position {
  readonly heardSamples: number;
  /** When these samples had been heard. */
  readonly atMs: AgentMs;
  readonly evidence: Evidence;
  readonly errorBoundMs: number;
  /** `atMs` is the instant at which the last of them had sounded, not a later one. */
  readonly isExact: boolean;
}

/** Moves the playhead forward. Never moves it back or past what was sent [PB7]. */
export function advancePlayhead(draft: Draft, id: ResponseId, position: Position): void {
  const response = draft.response(id);
  if (response?.playback.status !== 'playing' || !response.audio) return;
  const { playback, audio } = response;
  const { heardSamples, atMs, evidence, errorBoundMs } = position;
  if (heardSamples < playback.heardSamples) return;
  if (heardSamples === playback.heardSamples) {
    standStill(draft, id, playback, atMs);
    return;
  }
  const slackMs = position.isExact ? 0 : slackOf(playback, position, audio.sampleRateHz);
  draft.patchResponse(id, {
    playback: {
      status: 'playing',
      start: playback.start,
      heardSamples,
      positionAtMs: atMs,
      movedAtMs: atMs,
      positionEvidence: evidence,
      soundedAtMs: addMs(atMs, -slackMs / 2),
      soundedErrorBoundMs: errorBoundMs + slackMs / 2,
    },
  });
  draft.emit({
    type: 'response_playback_progressed',
    ...response.ref,
    heardSamples,
    sentSamples: audio.sentSamples,
    heardMs: samplesToMs(heardSamples, audio.sampleRateHz),
    positionAtMs: atMs,
    evidence,
    errorBoundMs,
  });
}

/** The listener reports that its playhead stands still. It is trusted for `stallTimeoutMs` [LW3]. */
function standStill(draft: Draft, id: ResponseId, playback: Playing, atMs: AgentMs): void {
  const latestMs = addMs(playback.movedAtMs, draft.state.options.stallTimeoutMs);
  const positionAtMs = laterOf(playback.positionAtMs, earlierOf(atMs, latestMs));
  draft.patchResponse(id, { playback: { ...playback, positionAtMs } });
}

/**
 * How long before `atMs` the last sample may have sounded. An unbroken run since the previous position would have ended
 * this much earlier. So the listener stalled in between, and it is unknown whether before that sample or after it.
 */
function slackOf(before: Playing, { heardSamples, atMs }: Position, sampleRateHz: number): number {
  const runMs = samplesToMs(heardSamples - before.heardSamples, sampleRateHz);
  return Math.max(0, atMs - before.movedAtMs - runMs);
}
