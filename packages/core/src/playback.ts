import { type Draft, refOf } from './draft.ts';
import { expectedEndMs, expectedHeardSamples, expectedStartMs } from './estimated_playhead.ts';
import type { Evidence, HeardInstant, SkipReason } from './events.ts';
import { heardText } from './heard_text.ts';
import { observeDelay } from './path_delay.ts';
import { abortTasksOf, checkPrediction, startTasks } from './response_tasks.ts';
import { RECENT_RESPONSES_KEPT, type ResponseState } from './state.ts';
import { type AgentMs, addMs, type ResponseId, samplesToMs } from './units.ts';

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
      positionEvidence: start.evidence,
    },
  });
  draft.emit({ type: 'response_playback_started', ...refOf(response), ...start });
  if (start.evidence !== 'estimate' && response.audio) {
    const observedMs = start.startedAtMs - response.audio.modelStartMs;
    draft.patch({ path: observeDelay(draft.state.path, observedMs, start.errorBoundMs) });
  }
  draft.emit({
    type: 'agent_state_applied',
    turnId: response.turnId,
    state: 'speaking',
    source: 'playback',
  });
  checkPrediction(draft, response, start);
  startTasks(draft, response.id, 'confirmed', start);
}

/** Announces the start on what the agent can reckon [PB5]. */
export function startOnEstimate(draft: Draft, response: ResponseState): void {
  const { path } = draft.state;
  startPlayback(draft, response, {
    startedAtMs: expectedStartMs(draft.state, response) ?? draft.atMs,
    evidence: 'estimate',
    errorBoundMs: path.errorBoundMs,
  });
}

/** Moves the playhead forward; never back, never past what was sent. */
export function moveTo(
  draft: Draft,
  id: ResponseId,
  position: { readonly heardSamples: number; readonly atMs: AgentMs; readonly evidence: Evidence },
): void {
  const response = draft.response(id);
  if (response?.playback.status !== 'playing' || !response.audio) return;
  if (position.heardSamples <= response.playback.heardSamples) return;
  draft.patchResponse(id, {
    playback: {
      ...response.playback,
      heardSamples: position.heardSamples,
      positionAtMs: position.atMs,
      positionEvidence: position.evidence,
    },
  });
  draft.emit({
    type: 'response_playback_progressed',
    ...refOf(response),
    heardSamples: position.heardSamples,
    sentSamples: response.audio.sentSamples,
    heardMs: samplesToMs(position.heardSamples, response.audio.sampleRateHz),
  });
}

/** Ends a response whose every sample was heard. */
export function finishHeard(draft: Draft, id: ResponseId, evidence: Evidence): void {
  const response = draft.response(id);
  if (!response?.audio) return;
  if (response.playback.status === 'unheard') startOnEstimate(draft, response);
  moveTo(draft, id, {
    heardSamples: response.audio.sentSamples,
    atMs: expectedEndMs(draft.state, response),
    evidence,
  });
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
  if (!response?.audio) {
    if (response) finishCut(draft, id, 'estimate');
    return;
  }
  const cutAtMs = response.cut?.atMs ?? draft.atMs;
  const heardSamples = expectedHeardSamples(draft.state, response, cutAtMs);
  const heard = response.playback.status === 'playing' || heardSamples > 0;
  if (heard && response.playback.status === 'unheard') startOnEstimate(draft, response);
  if (heard) moveTo(draft, id, { heardSamples, atMs: cutAtMs, evidence: 'estimate' });
  finishCut(draft, id, 'estimate');
}

/** Ends a response of which nothing was heard [PB4]. */
export function skip(draft: Draft, response: ResponseState, reason: SkipReason): void {
  abortTasksOf(draft, response.id, 'not_heard');
  const failed = reason === 'failed' && response.failure !== undefined;
  draft.emit({
    type: 'response_skipped',
    ...refOf(response),
    reason,
    ...(failed ? { detail: response.failure } : {}),
  });
  forget(draft, response.id);
}

/**
 * A later response sounds, so everything that plays before it is over, whatever reports of it were lost [RS5].
 */
export function settleEarlier(draft: Draft, id: ResponseId): void {
  for (;;) {
    const headId = draft.state.playout[0];
    if (headId === undefined || headId === id || !draft.state.playout.includes(id)) return;
    const head = draft.response(headId);
    if (head?.cut) finishCutOnEstimate(draft, headId);
    else finishHeard(draft, headId, 'estimate');
  }
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
  const { heardSamples, start } = response.playback;
  const cutBy = outcome === 'cut' ? (response.cut?.by ?? 'user') : undefined;
  const heard = heardText({ ...response, heardSamples, sentSamples, sampleRateHz });
  if (outcome === 'cut') abortTasksOf(draft, id, 'cut');
  draft.emit({
    type: 'response_playback_finished',
    ...refOf(response),
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
    evidence,
  });
  const recent = [...draft.state.recent, { ref: refOf(response), start }].slice(
    -RECENT_RESPONSES_KEPT,
  );
  draft.patch({ recent });
  forget(draft, id);
}

function forget(draft: Draft, id: ResponseId): void {
  const response = draft.response(id);
  if (!response) return;
  const items = draft
    .turn(response.turnId)
    ?.items.filter((item) => item.kind !== 'response' || item.response.id !== id);
  draft.patchTurn(response.turnId, { items: items ?? [] });
  draft.patch({ playout: draft.state.playout.filter((other) => other !== id) });
}

/** The model of the queue stops with the playout, and goes on where it stopped. */
export function resumeModel(draft: Draft, pausedAtMs: AgentMs): void {
  const pausedMs = draft.atMs - pausedAtMs;
  for (const id of draft.state.playout) {
    const response = draft.response(id);
    if (!response?.audio) continue;
    const { audio, playback } = response;
    draft.patchResponse(id, {
      audio: {
        ...audio,
        modelStartMs:
          playback.status === 'unheard' ? addMs(audio.modelStartMs, pausedMs) : audio.modelStartMs,
        modelEndMs: addMs(audio.modelEndMs, pausedMs),
      },
      ...(playback.status === 'playing'
        ? { playback: { ...playback, positionAtMs: addMs(playback.positionAtMs, pausedMs) } }
        : {}),
    });
  }
  draft.patch({ bufferedUntilMs: addMs(draft.state.bufferedUntilMs, pausedMs) });
}
