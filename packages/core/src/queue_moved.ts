import type { Draft } from './draft.ts';
import type { TimelineInput } from './inputs.ts';
import { addMs } from './units.ts';

/** Puts right what `audio_sent` said of when audio leaves: all that leaves from an instant on does so later, or earlier. */
export function moveQueue(
  draft: Draft,
  { fromMs, byMs }: Extract<TimelineInput, { type: 'queue_moved' }>,
): void {
  for (const id of draft.state.playout) {
    const { audio } = draft.response(id) ?? {};
    if (!audio || audio.modelEndMs <= fromMs) continue;
    const startsIn = audio.modelStartMs >= fromMs;
    draft.patchResponse(id, {
      audio: {
        ...audio,
        modelStartMs: startsIn ? addMs(audio.modelStartMs, byMs) : audio.modelStartMs,
        modelEndMs: addMs(audio.modelEndMs, byMs),
      },
    });
  }
  const { bufferedUntilMs } = draft.state;
  if (bufferedUntilMs > fromMs) draft.patch({ bufferedUntilMs: addMs(bufferedUntilMs, byMs) });
}
