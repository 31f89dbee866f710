import type { Evidence, SkipReason } from '../events.ts';
import { heardText } from '../heard_text/heard_text.ts';
import { type AgentMs, addMs, earlierOf, laterOf, type ResponseId, samplesToMs } from '../units.ts';
import { leftFromMs } from './claims/physics.ts';
import { expectedHeardSamples, expectedOf } from './estimated_playhead.ts';
import { advancePlayhead, startOnEstimate } from './playback.ts';
import { abortTasksOf } from './response_tasks.ts';
import type { Draft } from './state/draft.ts';
import {
  type Playing,
  RECENT_RESPONSES_KEPT,
  type RecentResponse,
  type ResponseState,
  type SentAudio,
} from './state/state.ts';

/** How a response ends: heard, cut, failed or skipped. It ends exactly once, in one of these ways [RS3]. */

/** When a response stopped sounding [PB13]. */
interface End {
  readonly endedAtMs: AgentMs;
  readonly evidence: Evidence;
  readonly errorBoundMs: number;
}

/** Ends a response if all of its samples are known to have been heard and no more will come. */
export function finishIfComplete(draft: Draft, id: ResponseId): void {
  const response = draft.response(id);
  if (!response?.audioEnded || response.playback.status !== 'playing') return;
  const { heardSamples, positionEvidence } = response.playback;
  if (heardSamples !== response.audio?.sentSamples) return;
  const end = reportedEnd(response.playback, positionEvidence);
  playOut(draft, response);
  finish(draft, id, wholeOutcome(response), end);
}

/** Ends a response on the estimate that all of it was heard. `noLaterThanMs`: when a later one sounded. */
export function finishHeard(draft: Draft, id: ResponseId, noLaterThanMs?: AgentMs): void {
  const response = draft.response(id);
  if (!response?.audio) return;
  if (response.playback.status === 'unheard') {
    const untilMs =
      noLaterThanMs === undefined ? undefined : latestStart(response.audio, noLaterThanMs);
    startOnEstimate(draft, response, untilMs);
  }
  playOut(draft, response, noLaterThanMs);
  finish(draft, id, wholeOutcome(response), estimatedEnd(draft, id));
}

/** When a response began at the latest that had been heard to its end by an instant. */
function latestStart(audio: SentAudio, endMs: AgentMs): AgentMs {
  const { sentSamples, sampleRateHz } = audio;
  return laterOf(leftFromMs(audio), addMs(endMs, -samplesToMs(sentSamples, sampleRateHz)));
}

/** Ends a response that its listener reports as stopped: cut if a sample was heard, else skipped. */
export function finishCut(draft: Draft, id: ResponseId, evidence: Evidence): void {
  const response = draft.response(id);
  if (!response) return;
  const { playback } = response;
  if (playback.status === 'playing') finish(draft, id, 'cut', reportedEnd(playback, evidence));
  else skipCut(draft, response);
}

/** Ends a cut response that got no last report, from what is known and what must have played since. */
export function finishCutOnEstimate(draft: Draft, id: ResponseId): void {
  const response = draft.response(id);
  if (!response?.audio) return;
  const cutAtMs = response.cut?.stoppedAtMs ?? draft.atMs;
  const expectedSamples = expectedHeardSamples(draft.state, response, cutAtMs);
  const hasStarted = response.playback.status === 'playing';
  if (!hasStarted && expectedSamples > 0) startOnEstimate(draft, response, cutAtMs);
  // A cut after the last sample cut nothing.
  if (response.audioEnded && expectedSamples === response.audio.sentSamples) {
    finishHeard(draft, id, cutAtMs);
    return;
  }
  const ranOutAtMs = expectedOf(draft.state, response)?.endMs;
  // If the start was announced, at least the first sample was heard [PB1].
  advanceOnEstimate(draft, id, Math.max(expectedSamples, hasStarted ? 1 : 0), cutAtMs);
  if (hasStarted || expectedSamples > 0)
    finish(draft, id, 'cut', estimatedEnd(draft, id, ranOutAtMs));
  else skipCut(draft, response);
}

/** Ends a response that was not heard at all [PB4]. */
export function skip(draft: Draft, response: ResponseState, reason: SkipReason): void {
  abortTasksOf(draft, response.id, 'not_heard');
  const failed = reason === 'failed' && response.failure !== undefined;
  draft.emit({
    type: 'response_skipped',
    ...response.ref,
    reason,
    ...(failed ? { detail: response.failure } : {}),
  });
  forget(draft, response.id, { ref: response.ref, ...leftOf(response) });
}

function skipCut(draft: Draft, response: ResponseState): void {
  skip(draft, response, draft.state.isClosed ? 'closed' : 'cut');
}

function wholeOutcome(response: ResponseState): 'heard' | 'failed' {
  return response.failure === undefined ? 'heard' : 'failed';
}

/** Moves the playhead to the end of what was sent, at the expected instant. */
function playOut(
  draft: Draft,
  { id, audio }: ResponseState,
  noLaterThanMs: AgentMs = draft.atMs,
): void {
  const now = draft.response(id);
  if (!audio || !now) return;
  const expectedMs = expectedOf(draft.state, now)?.endMs ?? draft.atMs;
  advanceOnEstimate(draft, id, audio.sentSamples, earlierOf(expectedMs, noLaterThanMs));
}

function advanceOnEstimate(
  draft: Draft,
  id: ResponseId,
  heardSamples: number,
  atMs: AgentMs,
): void {
  const { errorBoundMs } = draft.state.path;
  const how = { evidence: 'estimate', errorBoundMs, isExact: true } as const;
  advancePlayhead(draft, id, { heardSamples, atMs, ...how });
}

/** The end according to the listener's reports. */
function reportedEnd(playback: Playing, evidence: Evidence): End {
  const { start, soundedAtMs, soundedErrorBoundMs } = playback;
  return {
    endedAtMs: laterOf(start.startedAtMs, soundedAtMs),
    evidence,
    errorBoundMs: soundedErrorBoundMs,
  };
}

/** The estimated end. `noLaterThanMs`: when everything sent had sounded, although more was still to come. */
function estimatedEnd(draft: Draft, id: ResponseId, noLaterThanMs?: AgentMs): End | undefined {
  const playback = draft.response(id)?.playback;
  if (playback?.status !== 'playing') return undefined;
  const { endedAtMs, evidence, errorBoundMs } = reportedEnd(playback, 'estimate');
  return {
    endedAtMs: laterOf(
      playback.start.startedAtMs,
      earlierOf(endedAtMs, noLaterThanMs ?? endedAtMs),
    ),
    evidence,
    errorBoundMs: Math.max(errorBoundMs, draft.state.path.errorBoundMs),
  };
}

function finish(
  draft: Draft,
  id: ResponseId,
  outcome: 'heard' | 'cut' | 'failed',
  end: End | undefined,
): void {
  const response = draft.response(id);
  if (!end || response?.playback.status !== 'playing' || !response.audio) return;
  const { sentSamples, sampleRateHz } = response.audio;
  const { heardSamples, start, positionAtMs } = response.playback;
  const cutBy = outcome === 'cut' ? (response.cut?.by ?? 'user') : undefined;
  const isAllSent = response.audioEnded && !response.truncated && response.failure === undefined;
  const heard = heardText({
    text: response.text,
    textEnded: response.textEnded,
    words: response.words,
    heardSamples,
    sentSamples,
    sampleRateHz,
    audioEnded: isAllSent,
  });
  if (outcome === 'cut') abortTasksOf(draft, id, 'cut');
  draft.emit({
    type: 'response_playback_finished',
    ...response.ref,
    outcome,
    interrupted: outcome === 'cut',
    ...(cutBy === undefined ? {} : { cutBy }),
    ...end,
    heardMs: samplesToMs(heardSamples, sampleRateHz),
    sentMs: samplesToMs(sentSamples, sampleRateHz),
    heardSamples,
    sentSamples,
    heardText: heard.text,
    fullText: response.text,
    heardTextSource: heard.source,
    heardTextMaxErrorWords: heard.maxErrorWords,
  });
  draft.patch({ playedUntilMs: laterOf(draft.state.playedUntilMs, positionAtMs) });
  forget(draft, id, { ref: response.ref, start, ...leftOf(response) });
}

function leftOf({ audio }: ResponseState): Pick<RecentResponse, 'leftFromMs'> {
  return audio ? { leftFromMs: leftFromMs(audio) } : {};
}

function forget(draft: Draft, id: ResponseId, recent: RecentResponse): void {
  draft.dropResponse(id);
  draft.patch({
    playout: draft.state.playout.filter((other) => other !== id),
    recent: [...draft.state.recent, recent].slice(-RECENT_RESPONSES_KEPT),
  });
}
