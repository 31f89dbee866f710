import { addMs } from '../units.ts';
import { shiftedRuns } from './claims/leaving.ts';
import type { TimelineInput } from './inputs.ts';
import type { Draft } from './state/draft.ts';

/**
 * Starts within 10 ms before the instant count as the same instant: they were computed earlier, perhaps before a tick.
 */
const SAME_MS = 10;

/**
 * Corrects when `audio_sent` said that audio leaves: whatever leaves from `fromMs` on leaves `byMs` later, or earlier.
 */
export function moveQueue(
  draft: Draft,
  { fromMs, byMs }: Extract<TimelineInput, { type: 'queue_moved' }>,
): void {
  for (const id of draft.state.playout) {
    const { audio, cut } = draft.response(id) ?? {};
    if (!audio || cut || audio.modelEndMs <= fromMs) continue;
    const startsIn = audio.modelStartMs > addMs(fromMs, -SAME_MS);
    draft.patchResponse(id, {
      audio: {
        ...audio,
        modelStartMs: startsIn ? addMs(audio.modelStartMs, byMs) : audio.modelStartMs,
        modelEndMs: addMs(audio.modelEndMs, byMs),
        // Of the earliest instants at which audio left, only what surely left later is moved to later.
        runs: shiftedRuns(audio, addMs(fromMs, byMs > 0 ? SAME_MS : -SAME_MS), byMs),
      },
    });
  }
  const { bufferedUntilMs } = draft.state;
  if (bufferedUntilMs > fromMs) draft.patch({ bufferedUntilMs: addMs(bufferedUntilMs, byMs) });
}
