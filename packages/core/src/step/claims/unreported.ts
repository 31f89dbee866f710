import { type AgentMs, addMs, laterOf, type ResponseId, samplesToMs } from '../../units.ts';
import { type Expected, expectedOf } from '../estimated_playhead.ts';
import { joinSpans, spansUntil } from '../inaudible_spans.ts';
import type { Draft } from '../state/draft.ts';
import type { ResponseState, TimelineState } from '../state/state.ts';

/**
 * What a listener that reports all that it plays has not reported. It may have died, so nothing is known of that: nothing is
 * estimated in place of the report, and what never comes is not regarded as heard [AU17].
 */

/** Whether whoever listens reports the start and the end of all that it plays. */
export function reportsAll({ listening, unreported }: TimelineState): boolean {
  return listening && unreported === 'not_known';
}

/** Until when the report of an end is waited for. Then the next response has to go on. */
export function waitedUntilMs({ options }: TimelineState, { endMs }: Expected): AgentMs {
  return addMs(endMs, Math.max(options.reportTimeoutMs, options.stallTimeoutMs));
}

/**
 * How long after a cut its report is waited for. A listener that does not answer is not waited for: LiveKit alone would go on
 * at once [AU12]. An output across a network may be late, and a late report that came when the next response plays would be
 * taken for that one's. LiveKit alone waits as long (`voice/speech_handle.ts`, `INTERRUPTION_TIMEOUT`).
 */
export function cutPatienceMs(state: TimelineState): number {
  const { cutReportTimeoutMs, reportTimeoutMs, stallTimeoutMs } = state.options;
  if (!reportsAll(state)) return state.answers ? cutReportTimeoutMs : 0;
  return Math.max(cutReportTimeoutMs, reportTimeoutMs, stallTimeoutMs);
}

/**
 * Whether the estimate says nothing of a response that ends without a report. Only the close of the timeline ends one before
 * its report is due.
 */
export function isUnknown({ state, atMs }: Draft, response: ResponseState): boolean {
  if (!reportsAll(state)) return false;
  if (!state.isClosed) return true;
  const expected = expectedOf(state, response);
  if (!expected) return false;
  const isStarted = response.playback.status !== 'unheard';
  if (isStarted && !response.audioEnded) return false;
  const dueMs = isStarted ? expected.endMs : expected.startMs;
  return addMs(dueMs, state.options.reportTimeoutMs) <= atMs;
}

/** Ends a response by the estimate, of which nothing counts as heard that no report said. */
export function endAsUnknown(draft: Draft, id: ResponseId, end: () => void): void {
  const { playback, audio, inaudible, cut } = draft.response(id) ?? {};
  if (!playback || !audio || !inaudible) return;
  const { inaudibleTimes } = draft.state;
  // By samples: a report may state a position that lies a little ahead, later than the end.
  const unreported = {
    why: 'silent',
    fromSamples: reported(playback),
    toSamples: audio.sentSamples,
  } as const;
  draft.patchResponse(id, { inaudible: joinSpans(inaudible, [unreported]) });
  // A start that was not reported is heard by nobody.
  const sinceSent = { why: 'silent', fromMs: audio.sentFromMs, toMs: undefined } as const;
  draft.patch({ inaudibleTimes: [sinceSent] });
  end();
  draft.patch({ inaudibleTimes });
  // What was waited for holds back what follows.
  if (!cut) draft.patch({ playedUntilMs: laterOf(draft.state.playedUntilMs, draft.atMs) });
}

/** Samples that are known to have sounded. Of what was announced as heard the first stays so [PB1]. */
function reported(playback: ResponseState['playback']): number {
  if (playback.status === 'unheard') return 0;
  return Math.max(playback.heardSamples, playback.status === 'playing' ? 1 : 0);
}

/** How long before its end a response was last reported, ms: then or later it stopped sounding. */
export function unreportedMs(
  state: TimelineState,
  { inaudible, audio, playback }: ResponseState,
): number {
  if (!reportsAll(state) || !audio || playback.status === 'unheard') return 0;
  const last = spansUntil(inaudible, playback.heardSamples).at(-1);
  if (last?.why !== 'silent') return 0;
  return samplesToMs(last.toSamples - last.fromSamples, audio.sampleRateHz);
}
