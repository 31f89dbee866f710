import { type AgentMs, addMs, earlierOf } from '../units.ts';
import { expectedPlayout } from './estimated_playhead.ts';
import type { Draft } from './state/draft.ts';
import type { Playback, ResponseState, SentAudio } from './state/state.ts';

/** Pauses playout [PB9]. */
export function pause(draft: Draft): void {
  if (draft.state.pausedAtMs === undefined) draft.patch({ pausedAtMs: draft.atMs });
}

/** Resumes playout, and the queue model with it, where it stopped. */
export function resume(draft: Draft): void {
  const { pausedAtMs, bufferedUntilMs, playedUntilMs } = draft.state;
  if (pausedAtMs === undefined) return;
  const pausedMs = draft.atMs - pausedAtMs;
  for (const { response, startMs } of expectedPlayout(draft.state)) {
    if (!response.audio || response.cut) continue;
    draft.patchResponse(response.id, {
      audio: resumedAudio(response.audio, response, { pausedAtMs, pausedMs, startMs }),
      playback: resumedPlayback(response.playback, pausedMs, draft.atMs),
    });
  }
  draft.patch({
    bufferedUntilMs: addMs(bufferedUntilMs, pausedMs),
    playedUntilMs: playedUntilMs > pausedAtMs ? draft.atMs : playedUntilMs,
  });
  endPause(draft);
}

/** Ends the pause without resuming, as a cut does. */
export function endPause(draft: Draft): void {
  draft.patch({ pausedAtMs: undefined });
}

function resumedAudio(
  audio: SentAudio,
  response: ResponseState,
  of: { readonly pausedAtMs: AgentMs; readonly pausedMs: number; readonly startMs: AgentMs },
): SentAudio {
  const modelEndMs = addMs(audio.modelEndMs, of.pausedMs);
  // A start that was expected before the pause stays there, even if it was not reported yet.
  if (response.playback.status === 'playing' || of.startMs < of.pausedAtMs) {
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
