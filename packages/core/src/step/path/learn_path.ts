import type { HeardInstant } from '../../events.ts';
import { addMs, laterOf, type ResponseId } from '../../units.ts';
import { plausibleDelayMs } from '../claims/physics.ts';
import { type Known, modelledLeave } from '../estimated_playhead.ts';
import type { Draft } from '../state/draft.ts';
import type { ResponseState, SentAudio, TimelineState } from '../state/state.ts';
import { followDelay, observeDelay } from './path_delay.ts';

/** What is learned of the path from what is reported of a response [TK7][LW10]. */

/** By so much the bounds of two reports of one listener may differ without a reason: its clock is known more or less exactly. */
const LEAST_DOUBT_MS = 20;

/** Learns the delay of the path from a measured start. `before`: what was learned of the same start, now corrected. */
export function learnPath(
  draft: Draft,
  response: ResponseState,
  start: HeardInstant,
  before?: HeardInstant,
): void {
  const { audio } = response;
  if (!audio || audio.startedInPause) return;
  const { path, playedUntilMs, listenerSinceMs } = draft.state;
  // It should have sounded before this listener joined: it waited for the listener, and was sent again.
  if (addMs(audio.modelStartMs, path.delayMs + path.errorBoundMs) < listenerSinceMs) return;
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
  const { errorBoundMs } = start;
  const doubtMs = waitDoubt(draft.state, audio, delayMs);
  draft.patch({ path: observeDelay(base, { delayMs, errorBoundMs, doubtMs }) });
}

/**
 * By so much a delay may be off since the response may have waited, ms. What had left before its listener joined was perhaps sent
 * again, but no path is shorter than nothing. What plays right after a response says no more of the path than was known before.
 */
function waitDoubt(
  { path, playedUntilMs, listenerSinceMs }: TimelineState,
  { modelStartMs }: SentAudio,
  delayMs: number,
): number {
  const waitedMs = Math.max(0, Math.min(listenerSinceMs - modelStartMs, delayMs));
  const shortestMs = Math.max(0, path.delayMs - path.errorBoundMs);
  if (addMs(modelStartMs, shortestMs) >= playedUntilMs) return waitedMs;
  return Math.max(waitedMs, path.observedMs.length > 0 ? path.doubtMs : path.errorBoundMs);
}

/** Follows the path by the sample heard last, where that is wanted. */
export function followPath(
  draft: Draft,
  id: ResponseId,
  { atMs: positionAtMs, errorBoundMs }: Known,
): void {
  const { audio, playback } = draft.response(id) ?? {};
  if (!audio || audio.startedInPause || !playback || playback.status === 'unheard') return;
  if (playback.movedAtMs !== positionAtMs) return;
  const { path, options } = draft.state;
  if (options.maxPathDriftMs <= 0) return;
  // The listener knows this position less exactly than the start, as in the middle of a steady sound.
  if (errorBoundMs > playback.start.errorBoundMs + LEAST_DOUBT_MS) return;
  const leftMs = modelledLeave(audio, playback.heardSamples);
  const delayMs = plausibleDelayMs(positionAtMs - leftMs, { errorBoundMs });
  if (delayMs === undefined) return;
  draft.patch({ path: followDelay(path, delayMs, options.maxPathDriftMs) });
}
