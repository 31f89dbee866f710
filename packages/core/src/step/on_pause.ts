import { type AgentMs, addMs, earlierOf } from '../units.ts';
import { shiftedRuns } from './claims/leaving.ts';
import { expectedPlayout } from './estimated_playhead.ts';
import type { CutReach } from './inputs.ts';
import { applyHeld, forgetHeld } from './queue/held_states.ts';
import type { Draft } from './state/draft.ts';
import type { Playback, ResponseState, SentAudio } from './state/state.ts';

// A pause changes more than this file: `deadlines.ts` lets nothing become due but cuts, `estimated_playhead.ts` stops the
// estimate, and `playout_holds.ts` of @oncue/livekit decides when playout is paused at all.

/** Playout stands still from now on [PB9]. A second pause inside the first changes nothing. */
export function pause(draft: Draft, reaches: CutReach = 'ear'): void {
  if (draft.state.pausedAtMs !== undefined) return;
  draft.patch({ pausedAtMs: draft.atMs, pauseReaches: reaches });
}

/** Resumes playout, and the queue model with it, where it stopped. */
export function resume(draft: Draft): void {
  const { pausedAtMs, pauseReaches, bufferedUntilMs, endedLeftAtMs, playedUntilMs, path } =
    draft.state;
  if (pausedAtMs === undefined) return;
  const pausedMs = draft.atMs - pausedAtMs;
  // What has not begun by now begins no earlier.
  let begunAfterMs = playedUntilMs > pausedAtMs ? draft.atMs : playedUntilMs;
  for (const [place, { response, startMs }] of expectedPlayout(draft.state).entries()) {
    if (!response.audio || response.cut) continue;
    const stoodStill = pauseReaches === 'queue';
    // All of it had left before.
    if (stoodStill && response.audio.modelEndMs <= pausedAtMs) continue;
    // What had left a queue before it stood still sounds on, though its first sample may not have sounded yet.
    // When it leaves the queue is known; when it is heard, only as well as the path.
    const dueAtMs = stoodStill ? response.audio.modelStartMs : addMs(startMs, path.errorBoundMs);
    const audio = resumedAudio(response.audio, response, { pausedAtMs, pausedMs, dueAtMs });
    const isHeadUnheard = place === 0 && response.playback.status === 'unheard';
    if (isHeadUnheard && !stoodStill && audio.startedInPause) begunAfterMs = draft.atMs;
    // What a listener holds in its own buffer it may have played on.
    draft.patchResponse(response.id, {
      audio: stoodStill ? { ...audio, runs: shiftedRuns(audio, pausedAtMs, pausedMs) } : audio,
      playback: resumedPlayback(response.playback, pausedMs, draft.atMs),
    });
  }
  draft.patch({
    bufferedUntilMs: addMs(bufferedUntilMs, pausedMs),
    ...(pauseReaches === 'queue' && endedLeftAtMs > pausedAtMs
      ? { endedLeftAtMs: addMs(endedLeftAtMs, pausedMs) }
      : {}),
    playedUntilMs: begunAfterMs,
  });
  draft.patch({ pausedAtMs: undefined });
  applyHeld(draft);
}

/** Ends the pause without resuming, as a cut does. */
export function endPause(draft: Draft): void {
  forgetHeld(draft);
  draft.patch({ pausedAtMs: undefined });
}

function resumedAudio(
  audio: SentAudio,
  response: ResponseState,
  of: { readonly pausedAtMs: AgentMs; readonly pausedMs: number; readonly dueAtMs: AgentMs },
): SentAudio {
  const modelEndMs = addMs(audio.modelEndMs, of.pausedMs);
  // What was expected to sound before the pause is not moved to after it, though no report said so yet.
  const wasDueBefore = audio.sentFromMs < of.pausedAtMs && of.dueAtMs < of.pausedAtMs;
  if (response.playback.status === 'playing' || wasDueBefore) {
    return { ...audio, modelEndMs };
  }
  const modelStartMs = addMs(audio.modelStartMs, of.pausedMs);
  if (audio.modelStartMs > of.pausedAtMs) return { ...audio, modelStartMs, modelEndMs };
  return { ...audio, modelStartMs, modelEndMs, startedInPause: true };
}

/** A position reported during the pause holds until the end of the pause, but not later. */
function resumedPlayback(playback: Playback, pausedMs: number, nowMs: AgentMs): Playback {
  if (playback.status === 'unheard') return playback;
  return {
    ...playback,
    positionAtMs: earlierOf(addMs(playback.positionAtMs, pausedMs), nowMs),
    movedAtMs: earlierOf(addMs(playback.movedAtMs, pausedMs), nowMs),
  };
}
