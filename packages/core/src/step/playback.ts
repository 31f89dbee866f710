import type { Evidence, HeardInstant, SkipReason } from '../events.ts';
import { heardText } from '../heard_text/heard_text.ts';
import { type AgentMs, addMs, earlierOf, laterOf, type ResponseId, samplesToMs } from '../units.ts';
import type { Draft } from './draft.ts';
import { expectedHeardSamples, expectedOf, modelledLeave } from './estimated_playhead.ts';
import { followDelay, observeDelay, type PathDelay } from './path_delay.ts';
import { abortTasksOf, checkPrediction, startTasks } from './response_tasks.ts';
import { RECENT_RESPONSES_KEPT, type RecentResponse, type ResponseState } from './state.ts';

/**
 * The start, the progress and the end of a response as it is heard. Each function here leaves the draft consistent: a
 * start is announced once and before anything that follows from it [PB1], an end exactly once [RS3].
 */

/** Announces the first heard sample [PB1, PB2], puts the agent in `speaking` [SQ2], starts the tasks [TK1]. */
export function startPlayback(draft: Draft, response: ResponseState, start: HeardInstant): void {
  if (response.playback.status === 'playing') return;
  draft.patchResponse(response.id, {
    playback: {
      status: 'playing',
      start,
      heardSamples: 0,
      positionAtMs: start.startedAtMs,
      movedAtMs: start.startedAtMs,
      positionEvidence: start.evidence,
    },
  });
  draft.emit({ type: 'response_playback_started', ...response.ref, ...start });
  learnPath(draft, response, start);
  // What is known only now to have sounded before a cut or the end of its turn changes no state any more [SQ4].
  if (!response.cut && !draft.turn(response.turnId)?.ending) {
    const { turnId } = response;
    draft.emit({ type: 'agent_state_applied', turnId, state: 'speaking', source: 'playback' });
  }
  checkPrediction(draft, response, start);
  startTasks(draft, response.id, 'confirmed', start);
}

/** Learns the delay of the path from a measured start. */
export function learnPath(
  draft: Draft,
  response: ResponseState,
  start: HeardInstant,
  before?: HeardInstant,
): void {
  const { audio } = response;
  if (start.evidence === 'estimate' || !audio || audio.startedInPause) return;
  const { playedUntilMs } = draft.state;
  const path = before ? withoutLatest(draft.state.path, before) : draft.state.path;
  // One that had to wait for a listener who was late with the response before it was not late itself.
  const freeAtMs = addMs(playedUntilMs, -path.delayMs);
  const observedMs = start.startedAtMs - laterOf(audio.modelStartMs, freeAtMs);
  draft.patch({ path: observeDelay(path, observedMs, start.errorBoundMs) });
}

/** What was learned of the same start before, if anything was, is put right instead of counting beside. */
function withoutLatest(path: PathDelay, before: HeardInstant): PathDelay {
  return before.evidence === 'estimate'
    ? path
    : { ...path, observedMs: path.observedMs.slice(0, -1) };
}

/** Follows the path by the sample heard last, where that is wanted. */
export function followPath(draft: Draft, id: ResponseId, positionAtMs: AgentMs): void {
  const { audio, playback } = draft.response(id) ?? {};
  if (!audio || audio.startedInPause || playback?.status !== 'playing') return;
  if (playback.movedAtMs !== positionAtMs) return;
  const { path, options } = draft.state;
  if (options.followPathWithinMs <= 0) return;
  const delayMs = positionAtMs - modelledLeave(audio, playback.heardSamples);
  draft.patch({ path: followDelay(path, delayMs, options.followPathWithinMs) });
}

/** Announces the start on what the agent can reckon [PB5]. `noLaterThanMs`: when something behind it sounded. */
export function startOnEstimate(
  draft: Draft,
  response: ResponseState,
  noLaterThanMs: AgentMs = draft.atMs,
): void {
  const expectedMs = expectedOf(draft.state, response)?.startMs ?? draft.atMs;
  startPlayback(draft, response, {
    startedAtMs: earlierOf(expectedMs, noLaterThanMs),
    evidence: 'estimate',
    errorBoundMs: draft.state.path.errorBoundMs,
  });
}

/** Moves the playhead forward; never back, never past what was sent [PB7]. */
export function advancePlayhead(
  draft: Draft,
  id: ResponseId,
  position: {
    readonly heardSamples: number;
    readonly atMs: AgentMs;
    readonly evidence: Evidence;
  },
): void {
  const response = draft.response(id);
  if (response?.playback.status !== 'playing' || !response.audio) return;
  const { playback, audio } = response;
  const { heardSamples, atMs, evidence } = position;
  if (heardSamples < playback.heardSamples) return;
  if (heardSamples === playback.heardSamples) {
    // It stands still and says so: believed, but not for ever [LW3].
    const latestMs = addMs(playback.movedAtMs, draft.state.options.stallTimeoutMs);
    const positionAtMs = laterOf(playback.positionAtMs, earlierOf(atMs, latestMs));
    draft.patchResponse(id, { playback: { ...playback, positionAtMs } });
    return;
  }
  draft.patchResponse(id, {
    playback: {
      status: 'playing',
      start: playback.start,
      heardSamples,
      positionAtMs: atMs,
      movedAtMs: atMs,
      positionEvidence: evidence,
    },
  });
  draft.emit({
    type: 'response_playback_progressed',
    ...response.ref,
    heardSamples,
    sentSamples: audio.sentSamples,
    heardMs: samplesToMs(heardSamples, audio.sampleRateHz),
  });
}

/** Ends a response if every sample of it is known to have been heard and no more will come. */
export function finishIfComplete(draft: Draft, id: ResponseId): void {
  const response = draft.response(id);
  if (!response?.audioEnded || response.playback.status !== 'playing') return;
  const { heardSamples, positionEvidence } = response.playback;
  if (heardSamples === response.audio?.sentSamples) finishHeard(draft, id, positionEvidence);
}

/** Ends a response whose every sample was heard. `noLaterThanMs`: when something behind it sounded. */
export function finishHeard(
  draft: Draft,
  id: ResponseId,
  evidence: Evidence,
  noLaterThanMs: AgentMs = draft.atMs,
): void {
  const response = draft.response(id);
  if (!response?.audio) return;
  if (response.playback.status === 'unheard') startOnEstimate(draft, response, noLaterThanMs);
  const { sentSamples } = response.audio;
  const expectedMs = expectedOf(draft.state, response)?.endMs ?? draft.atMs;
  const atMs = earlierOf(expectedMs, noLaterThanMs);
  advancePlayhead(draft, id, { heardSamples: sentSamples, atMs, evidence });
  finish(draft, id, response.failure === undefined ? 'heard' : 'failed', evidence);
}

/** Ends a response whose playout was stopped: `cut` if a sample was heard, else skipped. */
export function finishCut(draft: Draft, id: ResponseId, evidence: Evidence): void {
  const response = draft.response(id);
  if (!response) return;
  if (response.playback.status === 'unheard') {
    skip(draft, response, draft.state.isClosed ? 'closed' : 'cut');
    return;
  }
  finish(draft, id, 'cut', evidence);
}

/** Ends a cut response for which no last report came: by what is known, and what must have played since. */
export function finishCutOnEstimate(draft: Draft, id: ResponseId): void {
  const response = draft.response(id);
  if (!response?.audio) return;
  const cutAtMs = response.cut?.stoppedAtMs ?? draft.atMs;
  const expectedSamples = expectedHeardSamples(draft.state, response, cutAtMs);
  const hasStarted = response.playback.status === 'playing';
  if (!hasStarted && expectedSamples > 0) startOnEstimate(draft, response, cutAtMs);
  // A cut that came after the last sample cut nothing.
  if (response.audioEnded && expectedSamples === response.audio.sentSamples) {
    finishHeard(draft, id, 'estimate', cutAtMs);
    return;
  }
  // What was announced as heard has at least its first sample heard [PB1].
  const heardSamples = Math.max(expectedSamples, hasStarted ? 1 : 0);
  advancePlayhead(draft, id, { heardSamples, atMs: cutAtMs, evidence: 'estimate' });
  finishCut(draft, id, 'estimate');
}

/** Ends a response of which nothing was heard [PB4]. */
export function skip(draft: Draft, response: ResponseState, reason: SkipReason): void {
  abortTasksOf(draft, response.id, 'not_heard');
  const failed = reason === 'failed' && response.failure !== undefined;
  draft.emit({
    type: 'response_skipped',
    ...response.ref,
    reason,
    ...(failed ? { detail: response.failure } : {}),
  });
  forget(draft, response.id, { ref: response.ref });
}

function finish(
  draft: Draft,
  id: ResponseId,
  outcome: 'heard' | 'cut' | 'failed',
  evidence: Evidence,
): void {
  const response = draft.response(id);
  if (response?.playback.status !== 'playing' || !response.audio) return;
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
    heardMs: samplesToMs(heardSamples, sampleRateHz),
    sentMs: samplesToMs(sentSamples, sampleRateHz),
    heardSamples,
    sentSamples,
    heardText: heard.text,
    fullText: response.text,
    heardTextSource: heard.source,
    heardTextMaxErrorWords: heard.maxErrorWords,
    evidence,
  });
  draft.patch({ playedUntilMs: laterOf(draft.state.playedUntilMs, positionAtMs) });
  forget(draft, id, { ref: response.ref, start });
}

function forget(draft: Draft, id: ResponseId, recent: RecentResponse): void {
  draft.dropResponse(id);
  draft.patch({
    playout: draft.state.playout.filter((other) => other !== id),
    recent: [...draft.state.recent, recent].slice(-RECENT_RESPONSES_KEPT),
  });
}
