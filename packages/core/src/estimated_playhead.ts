import type { ResponseState, TimelineState } from './state.ts';
import { type AgentMs, addMs, laterOf, msToSamples, samplesToMs } from './units.ts';

/**
 * Where playout stands as the agent itself can reckon it: a queue that plays what is sent without a pause, and the
 * delay of the path behind it. Used where reports are missing [PB5] and for predicted timing [TK5].
 */

/** When the end of what has been sent of `response` is expected to be heard. */
export function expectedEndMs(state: TimelineState, response: ResponseState): AgentMs {
  const { audio, playback } = response;
  if (!audio) return addMs(state.bufferedUntilMs, state.path.delayMs);
  const modelled = addMs(audio.modelEndMs, state.path.delayMs);
  if (playback.status === 'unheard') return modelled;
  const leftMs = samplesToMs(audio.sentSamples - playback.heardSamples, audio.sampleRateHz);
  const reported = addMs(playback.positionAtMs, leftMs);
  // The later of the two, since a listener that stalled is behind the model and an early end would cut its last words.
  return playback.positionEvidence === 'estimate' ? modelled : laterOf(modelled, reported);
}

/** When the first sample of `response` is expected to be heard. `undefined` before any audio was sent. */
export function expectedStartMs(
  state: TimelineState,
  response: ResponseState,
): AgentMs | undefined {
  if (!response.audio) return undefined;
  const before = responseBefore(state, response);
  // Gapless behind a response whose position is measured: the measured end is better than the model's own.
  if (
    before?.audio &&
    before.playback.status === 'playing' &&
    before.playback.positionEvidence !== 'estimate'
  ) {
    if (before.audioEnded && before.audio.modelEndMs === response.audio.modelStartMs) {
      const leftMs = samplesToMs(
        before.audio.sentSamples - before.playback.heardSamples,
        before.audio.sampleRateHz,
      );
      return addMs(before.playback.positionAtMs, leftMs);
    }
  }
  return addMs(response.audio.modelStartMs, state.path.delayMs);
}

/** Samples of `response` expected to have been heard at `atMs`. At most what was sent, at least what is known. */
export function expectedHeardSamples(
  state: TimelineState,
  response: ResponseState,
  atMs: AgentMs,
): number {
  const { audio, playback } = response;
  if (!audio) return 0;
  const known = playback.status === 'playing' ? playback.heardSamples : 0;
  const untilMs = state.pausedAtMs ?? atMs;
  const leftSamples = msToSamples(
    Math.max(0, expectedEndMs(state, response) - untilMs),
    audio.sampleRateHz,
  );
  return Math.min(audio.sentSamples, Math.max(known, audio.sentSamples - leftSamples));
}

function responseBefore(state: TimelineState, response: ResponseState): ResponseState | undefined {
  const place = state.playout.indexOf(response.id);
  const beforeId = place > 0 ? state.playout[place - 1] : undefined;
  return beforeId === undefined ? undefined : findResponse(state, beforeId);
}

/** The response with this id among those that have not ended. */
export function findResponse(state: TimelineState, id: string): ResponseState | undefined {
  for (const turn of state.turns) {
    for (const item of turn.items) {
      if (item.kind === 'response' && item.response.id === id) return item.response;
    }
  }
  return undefined;
}
