import { addMs } from '../units.ts';
import type { TimelineInput } from './inputs.ts';
import type { Draft } from './state/draft.ts';

/** What began so shortly before began then: its instant was asked for a little earlier, perhaps on the other side of a tick. */
const SAME_MS = 10;

/** Puts right what `audio_sent` said of when audio leaves: all that leaves from an instant on does so later, or earlier. */
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
      },
    });
  }
  const { bufferedUntilMs } = draft.state;
  if (bufferedUntilMs > fromMs) draft.patch({ bufferedUntilMs: addMs(bufferedUntilMs, byMs) });
}
