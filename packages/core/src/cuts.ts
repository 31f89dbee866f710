import type { Draft } from './draft.ts';
import { finishCutOnEstimate } from './playback.ts';
import { advanceAll } from './turns.ts';
import type { ResponseId } from './units.ts';

/**
 * Marks responses as cut. What the listener heard of them is known when it says so, or the wait for that ends; without
 * a listener that reports there is nothing to wait for.
 */
export function cutResponses(draft: Draft, ids: readonly ResponseId[], by: 'user' | 'agent'): void {
  // A cut while paused stops the sound where the pause had stopped it.
  const stoppedAtMs = draft.state.pausedAtMs ?? draft.atMs;
  for (const id of ids) {
    if (draft.response(id)?.cut) continue;
    draft.patchResponse(id, { cut: { by, atMs: draft.atMs, stoppedAtMs } });
  }
  if (!draft.state.listening || draft.state.isClosed) settleCuts(draft);
  // What is sent from now on does not wait behind what will not be played.
  if (draft.state.playout.every((id) => draft.response(id)?.cut)) {
    draft.patch({ bufferedUntilMs: draft.atMs });
  }
}

/** Ends what was cut, on what is known now. */
export function settleCuts(draft: Draft): void {
  for (const id of draft.state.playout) {
    if (!draft.response(id)?.cut) continue;
    finishCutOnEstimate(draft, id);
    // What was queued behind it goes before whatever of the next was heard.
    advanceAll(draft);
  }
}
