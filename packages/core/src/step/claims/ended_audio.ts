import type { AgentMs } from '../../units.ts';
import type { Draft } from '../state/draft.ts';
import type { EndedResponse, SentAudio } from '../state/state.ts';
import { shiftedRuns } from './leaving.ts';

/**
 * A listener can end a response while its audio is still in the transport's queue: it says that it stopped. What becomes of
 * that queue then bounds what a late report may claim [LW9].
 */

/** The queue was emptied: what had not left by then never leaves. */
export function stopEnded(draft: Draft, untilMs: AgentMs): void {
  patchEnded(draft, (ended) => ({ ...ended, leftUntilMs: untilMs }));
}

/** The queue stood still, or was moved: what leaves from `fromMs` on leaves `byMs` later, or earlier. */
export function moveEnded(draft: Draft, fromMs: AgentMs, byMs: number): void {
  patchEnded(draft, (ended, audio) => {
    const runs = shiftedRuns(audio, fromMs, byMs);
    return { ...ended, response: { ...ended.response, audio: { ...audio, runs } } };
  });
}

/** Changes what may not have left wholly by now, and can still leave. */
function patchEnded(
  draft: Draft,
  patch: (ended: EndedResponse, audio: SentAudio) => EndedResponse,
): void {
  const recent = draft.state.recent.map((one) => {
    const { ended } = one;
    const audio = ended?.response.audio;
    if (!ended || !audio || ended.leftUntilMs !== undefined) return one;
    // Its listener has heard all of it, so all of it had left.
    const isHeard = ended.reported?.samples === audio.sentSamples;
    return isHeard ? one : { ...one, ended: patch(ended, audio) };
  });
  draft.patch({ recent });
}
