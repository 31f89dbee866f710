import { type AgentMs, addMs, earlierOf } from '../units.ts';
import { moveEnded } from './claims/ended_audio.ts';
import { shiftedRuns } from './claims/leaving.ts';
import { type Expected, expectedPlayout } from './estimated_playhead.ts';
import type { CutReach } from './inputs.ts';
import { applyHeld } from './queue/held_states.ts';
import type { Draft } from './state/draft.ts';
import type { Playback, ResponseState, SentAudio } from './state/state.ts';

// A pause changes more than this file: `queue/held_states.ts` keeps states back [SQ6], `deadlines.ts` lets nothing become due
// but cuts, `estimated_playhead.ts` stops the estimate, and `playout_holds.ts` of @oncue/livekit decides when playout is
// paused at all.

/** Playout stands still from now on [PB9]. A second pause inside the first changes nothing. */
export function pause(draft: Draft, reaches: CutReach = 'ear'): void {
  if (draft.state.pausedAtMs !== undefined) return;
  draft.patch({ pausedAtMs: draft.atMs, pauseReaches: reaches });
}

/** Resumes playout, and the queue model with it, where it stopped. */
export function resume(draft: Draft): void {
  const { pausedAtMs, pauseReaches, bufferedUntilMs, endedLeftAtMs } = draft.state;
  if (pausedAtMs === undefined) return;
  const pausedMs = draft.atMs - pausedAtMs;
  const expected = expectedPlayout(draft.state);
  for (const one of expected) moveOn(draft, one, pausedAtMs);
  if (pauseReaches === 'queue') moveEnded(draft, pausedAtMs, pausedMs);
  draft.patch({
    bufferedUntilMs: addMs(bufferedUntilMs, pausedMs),
    ...(pauseReaches === 'queue' && endedLeftAtMs > pausedAtMs
      ? { endedLeftAtMs: addMs(endedLeftAtMs, pausedMs) }
      : {}),
    playedUntilMs: freeAtMs(draft, expected[0]?.response, pausedAtMs),
  });
  draft.patch({ pausedAtMs: undefined });
  applyHeld(draft);
}

function moveOn(draft: Draft, { response, startMs }: Expected, pausedAtMs: AgentMs): void {
  if (!response.audio || response.cut) return;
  const pausedMs = draft.atMs - pausedAtMs;
  const stoodStill = draft.state.pauseReaches === 'queue';
  // All of it had left before.
  if (stoodStill && response.audio.modelEndMs <= pausedAtMs) return;
  // What had left a queue before it stood still sounds on, though its first sample may not have sounded yet. When it
  // leaves is known; when it is heard, only as well as the path.
  const dueAtMs = stoodStill
    ? response.audio.modelStartMs
    : addMs(startMs, draft.state.path.errorBoundMs);
  const audio = resumedAudio(response.audio, response, { pausedAtMs, pausedMs, dueAtMs });
  // What a listener holds in its own buffer it may have played on.
  draft.patchResponse(response.id, {
    audio: stoodStill ? { ...audio, runs: shiftedRuns(audio, pausedAtMs, pausedMs) } : audio,
    playback: resumedPlayback(response.playback, pausedMs, draft.atMs),
  });
}

/** Nothing begins before this. @param before - the first response of the playout, as it was before it moved on. */
function freeAtMs(draft: Draft, before: ResponseState | undefined, pausedAtMs: AgentMs): AgentMs {
  const { playedUntilMs, pauseReaches } = draft.state;
  if (playedUntilMs > pausedAtMs) return draft.atMs;
  if (!before || pauseReaches === 'queue' || before.playback.status !== 'unheard')
    return playedUntilMs;
  // It had not begun when the listener fell silent.
  const isMoved = draft.response(before.id)?.audio?.modelStartMs !== before.audio?.modelStartMs;
  return isMoved ? draft.atMs : playedUntilMs;
}

/** Ends the pause without resuming, as a cut does. */
export function endPause(draft: Draft): void {
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
