import { addMs } from '../units.ts';
import { moveEnded } from './claims/ended_audio.ts';
import { QUEUE_TICK_MS, shiftedRuns } from './claims/leaving.ts';
import type { TimelineInput } from './inputs.ts';
import type { Draft } from './state/draft.ts';

/**
 * Corrects when `audio_sent` said that audio leaves: whatever leaves from `fromMs` on leaves `byMs` later, or earlier.
 */
export function moveQueue(
  draft: Draft,
  { fromMs, byMs }: Pick<Extract<TimelineInput, { type: 'queue_moved' }>, 'fromMs' | 'byMs'>,
): void {
  for (const id of draft.state.playout) {
    const { audio, cut } = draft.response(id) ?? {};
    if (!audio || cut || audio.modelEndMs <= fromMs) continue;
    // A start up to a tick before the instant is the same one: it was computed earlier, perhaps before that tick.
    const startsIn = audio.modelStartMs > addMs(fromMs, -QUEUE_TICK_MS);
    draft.patchResponse(id, {
      audio: {
        ...audio,
        modelStartMs: startsIn ? addMs(audio.modelStartMs, byMs) : audio.modelStartMs,
        modelEndMs: addMs(audio.modelEndMs, byMs),
        runs: shiftedRuns(audio, fromMs, byMs),
      },
    });
  }
  moveEnded(draft, fromMs, byMs);
  const { bufferedUntilMs, endedLeftAtMs } = draft.state;
  if (endedLeftAtMs > fromMs) draft.patch({ endedLeftAtMs: addMs(endedLeftAtMs, byMs) });
  if (bufferedUntilMs > fromMs) draft.patch({ bufferedUntilMs: addMs(bufferedUntilMs, byMs) });
}
