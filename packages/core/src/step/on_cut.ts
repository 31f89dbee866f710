import type { CutBy } from '../events.ts';
import { addMs, type ResponseId } from '../units.ts';
import { finishCutOnEstimate } from './finish.ts';
import type { CutReach } from './inputs.ts';
import type { Draft } from './state/draft.ts';
import { advanceAll } from './turn_queue.ts';

/**
 * Marks responses as cut. What the listener heard of them is known when it says so, or the wait for that ends; without
 * a listener that reports there is nothing to wait for but what is on its way.
 */
export function cutResponses(
  draft: Draft,
  ids: readonly ResponseId[],
  by: CutBy,
  reaches: CutReach = 'ear',
): void {
  const { pausedAtMs, path, listening, isClosed } = draft.state;
  // A cut while paused stops the sound where the pause had stopped it.
  const stoppedAtMs = addMs(pausedAtMs ?? draft.atMs, reaches === 'queue' ? path.delayMs : 0);
  for (const id of ids) {
    if (draft.response(id)?.cut) continue;
    draft.patchResponse(id, { cut: { by, atMs: draft.atMs, stoppedAtMs } });
  }
  if (isClosed || (!listening && stoppedAtMs <= draft.atMs)) settleCuts(draft);
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
