import type { Audibility, SkipReason } from '../../events.ts';
import { audibleSamples } from '../inaudible_spans.ts';
import type { Draft } from '../state/draft.ts';
import type { ResponseState } from '../state/state.ts';
import { noteLeft, reportedByAll } from './left_to_gone.ts';

/**
 * Why a response ends with no sample heard, if that is due to who could hear [AU2][AU16]. However it ends (played out, cut, closed,
 * or skipped at once), the first of these that holds is the reason:
 *
 * | of its audio | reason |
 * | --- | --- |
 * | some sounded while the listener did not answer | `not_known` |
 * | some had left to a listener that could hear, and that then muted the agent or went before a report of it | `not_known` |
 * | the same of one of several, whatever another of them reported | `not_known` |
 * | some sounded when somebody could hear, but no more than it is in doubt since when he could | `not_known` |
 * | somebody can hear now, and has not reported all of it: the rest may sound late | `not_known` |
 * | all that sounded did so while the listener was known to be muted, or nobody was there | `muted`, `no_listener`: the last |
 * | nothing sounded while nobody could hear | what ended it |
 */
export type UnheardReason = Extract<SkipReason, 'no_listener' | 'muted' | 'not_known'>;

/** @param otherwise - what ended it. */
export function unheardReason(
  draft: Draft,
  { id }: ResponseState,
  otherwise: SkipReason,
): SkipReason {
  const known = reasonNow(draft, id) ?? otherwise;
  const isOfHearing = known === 'muted' || known === 'no_listener';
  if (!isOfHearing && !(known === 'not_known' && isMutedUnnoted(draft, id))) return known;
  // A listener that is still there may have heard its beginning before it muted the agent.
  noteLeft(draft, id, draft.atMs);
  if (maySoundLate(draft, id)) return 'not_known';
  return reasonNow(draft, id) ?? otherwise;
}

/**
 * Somebody can hear now, and has not reported all of it: the rest may be on its way, or late in a buffer, or be sent again to a page
 * that came back.
 */
function maySoundLate(draft: Draft, id: ResponseState['id']): boolean {
  const { audibility, listening } = draft.state;
  const response = draft.response(id);
  if (!response?.audio || !listening) return false;
  if (audibility !== 'listening' && audibility !== 'silent') return false;
  return reportedByAll(response) < response.audio.sentSamples;
}

export function reasonOf(why: Audibility): UnheardReason {
  if (why === 'silent') return 'not_known';
  return why === 'muted' ? 'muted' : 'no_listener';
}

function reasonNow(draft: Draft, id: ResponseState['id']): UnheardReason | undefined {
  const response = draft.response(id);
  if (!response) return undefined;
  if (mayBeHeard(response)) return 'not_known';
  const last = response.inaudible.at(-1);
  return last && reasonOf(last.why);
}

/** Some of it is told as muted, of which what had left before the mute is not told apart yet. */
function isMutedUnnoted(draft: Draft, id: ResponseState['id']): boolean {
  const { inaudible = [], leftToGone = [] } = draft.response(id) ?? {};
  return leftToGone.length === 0 && inaudible.some(({ why }) => why === 'muted');
}

/** Some of it was not reported, and may have been heard. */
function mayBeHeard(response: ResponseState): boolean {
  const { inaudible, leftToGone, playback } = response;
  if (playback.status === 'inaudible' && audibleSamples(playback.heardSamples, inaudible) > 0)
    return true;
  if (leftToGone.some(({ toSamples }) => toSamples > reportedByAll(response))) return true;
  return inaudible.some(({ why }) => why === 'silent');
}
