import type { CutBy, OncueEvent, OncueEventOf } from '../events.ts';
import { type AgentMs, addMs, earlierOf, type ResponseId } from '../units.ts';
import { stopEnded } from './claims/ended_audio.ts';
import { QUEUE_SLACK_MS } from './claims/physics.ts';
import { finishCutOnEstimate } from './finish.ts';
import type { CutReach } from './inputs.ts';
import { type PerhapsHeard, perhapsHeard } from './outcome/perhaps_heard.ts';
import { advanceAll } from './queue/turn_queue.ts';
import { Draft } from './state/draft.ts';
import type { Playback, TimelineState } from './state/state.ts';

/**
 * Marks responses as cut. They end when the listener reports what it heard of them, or when the wait for that report
 * ends. Without a reporting listener, they only wait for audio that is on its way.
 */
export function cutResponses(
  draft: Draft,
  ids: readonly ResponseId[],
  by: CutBy,
  reaches: CutReach = 'ear',
): void {
  const { pausedAtMs, pauseReaches, path, listening, isClosed } = draft.state;
  // A cut while paused stops the sound where the pause had stopped it.
  const stoppedAtMs = addMs(pausedAtMs ?? draft.atMs, reaches === 'queue' ? path.delayMs : 0);
  const pausedQueueMs = pauseReaches === 'queue' ? pausedAtMs : undefined;
  const leftUntilMs = reaches === 'queue' ? (pausedQueueMs ?? draft.atMs) : pausedQueueMs;
  for (const id of ids) {
    if (draft.response(id)?.cut) continue;
    draft.patchResponse(id, { cut: { by, atMs: draft.atMs, stoppedAtMs, leftUntilMs } });
  }
  if (leftUntilMs !== undefined) stopEnded(draft, leftUntilMs);
  if (isClosed) stopAt(draft, draft.atMs);
  if (isClosed || !listening) settleCuts(draft);
  // A cut empties the queue.
  draft.patch({ endedLeftAtMs: earlierOf(draft.state.endedLeftAtMs, draft.atMs) });
  // New audio does not have to wait for audio that will not be played.
  if (draft.state.playout.every((id) => draft.response(id)?.cut)) {
    draft.patch({ bufferedUntilMs: draft.atMs });
  }
}

/** Ends the cut responses of which nothing more can sound, from what is known now. */
export function settleCuts(draft: Draft, byMs: AgentMs = draft.atMs): void {
  for (const id of draft.state.playout) {
    const { cut } = draft.response(id) ?? {};
    if (!cut || cut.stoppedAtMs > byMs) return;
    finishCutOnEstimate(draft, id);
    // States that were queued after it take effect before the next response is settled.
    advanceAll(draft);
  }
}

/** After the end nothing more is told: of audio that is still on its way it is not known whether anybody hears it. */
function stopAt(draft: Draft, atMs: AgentMs): void {
  for (const id of draft.state.playout) {
    const { cut } = draft.response(id) ?? {};
    if (cut)
      draft.patchResponse(id, { cut: { ...cut, stoppedAtMs: earlierOf(cut.stoppedAtMs, atMs) } });
  }
}

/** How a response ended. */
export type Outcome = OncueEventOf<'response_playback_finished' | 'response_skipped'>;

/** How a cut response ends at the most. */
export interface LatestOutcome {
  readonly outcome: Outcome;
  /** What may have been heard of it, if that is not known. */
  readonly perhaps: PerhapsHeard | undefined;
}

/**
 * How each cut response ends at the most, if its listener reports nothing more: by what is known now, and the estimate with
 * its error bound. A word that may have been heard is not left out before that is known.
 */
export function latestOutcomes(state: TimelineState, atMs: AgentMs): readonly LatestOutcome[] {
  const draft = new Draft(state, atMs);
  const { errorBoundMs } = state.path;
  for (const id of state.playout) {
    const { cut, playback } = draft.response(id) ?? {};
    if (!cut || (playback && isKnownAt(playback, cut.stoppedAtMs))) continue;
    const leftUntilMs =
      cut.leftUntilMs === undefined ? undefined : addMs(cut.leftUntilMs, QUEUE_SLACK_MS);
    const stoppedAtMs = addMs(cut.stoppedAtMs, errorBoundMs);
    draft.patchResponse(id, { cut: { ...cut, stoppedAtMs, leftUntilMs } });
  }
  settleCuts(draft, Number.POSITIVE_INFINITY as AgentMs);
  return draft.events.filter(isOutcome).map((outcome) => ({
    outcome,
    perhaps: perhapsHeard(draft.state, outcome.responseId),
  }));
}

/** Playout stood still until the cut, so the position is known and no error bound can add to it. */
function isKnownAt(playback: Playback, atMs: AgentMs): boolean {
  return playback.status !== 'unheard' && playback.positionAtMs >= atMs;
}

function isOutcome(event: OncueEvent): event is Outcome {
  return event.type === 'response_playback_finished' || event.type === 'response_skipped';
}
