import type { Evidence, HeardInstant, SkipReason, ToldOutcome } from '../events.ts';
import {
  type AgentMs,
  addMs,
  earlierOf,
  laterOf,
  msToSamples,
  type ResponseId,
  samplesToMs,
} from '../units.ts';
import { haveLeftAtMs } from './claims/leaving.ts';
import { leftFromMs, QUEUE_SLACK_MS } from './claims/physics.ts';
import { endAsUnknown, isUnknown, unreportedMs } from './claims/unreported.ts';
import {
  earlierKnown,
  expectedHeardSamples,
  expectedOf,
  type Known,
} from './estimated_playhead.ts';
import { joinSpans, type SampleSpan, spansInMs } from './inaudible_spans.ts';
import { reachMarks } from './marks.ts';
import { heardAudio } from './outcome/heard_audio.ts';
import { toldSpans } from './outcome/left_to_gone.ts';
import { perhapsSounded } from './outcome/perhaps_heard.ts';
import { reasonOf, unheardReason } from './outcome/unheard_reason.ts';
import { advancePlayhead, overdueMs, startOnEstimate } from './playback.ts';
import { abortTasksOf } from './response_tasks.ts';
import type { Draft } from './state/draft.ts';
import {
  type Playing,
  type PlayingInaudibly,
  RECENT_RESPONSES_KEPT,
  type RecentResponse,
  type ResponseState,
} from './state/state.ts';

/** How a response ends: heard, partly heard, cut, failed or skipped. It ends exactly once, in one of these ways [RS3]. */

/** When a response stopped sounding [PB13]. */
interface End {
  readonly endedAtMs: AgentMs;
  readonly evidence: Evidence;
  readonly errorBoundMs: number;
}

/** Ends a response if all of its samples are known to have been heard and no more will come. */
export function finishIfComplete(draft: Draft, id: ResponseId): void {
  const response = draft.response(id);
  if (!response?.audioEnded || response.playback.status === 'unheard') return;
  const { heardSamples, positionEvidence } = response.playback;
  if (heardSamples !== response.audio?.sentSamples) return;
  const end = reportedEnd(response.playback, positionEvidence);
  playOut(draft, response);
  finishWhole(draft, id, end);
}

/**
 * Ends a response on the estimate that all of it was heard, unless nothing is known without a report. `noLaterThan`: a later one
 * sounded then.
 */
export function finishHeard(draft: Draft, id: ResponseId, noLaterThan?: Known): void {
  const response = draft.response(id);
  if (!response?.audio) return;
  if (isUnknown(draft, response)) endAsUnknown(draft, id, () => endHeard(draft, id, noLaterThan));
  else endHeard(draft, id, noLaterThan);
}

function endHeard(draft: Draft, id: ResponseId, noLaterThan?: Known): void {
  const response = draft.response(id);
  if (!response?.audio) return;
  if (response.playback.status === 'unheard')
    startBefore(draft, response, response.audio.sentSamples, noLaterThan);
  playOut(draft, response, noLaterThan);
  finishWhole(draft, id, estimatedEnd(draft, id));
}

/** Ends a response that nobody can hear, at once, and with it what was still to come [AU7]. */
export function endUnheard(draft: Draft, id: ResponseId): void {
  const response = draft.response(id);
  if (response?.playback.status === 'playing')
    finish(draft, id, 'partly_heard', estimatedEnd(draft, id, draft.atMs));
  else if (response) skipUnheard(draft, response, reasonOf(draft.state.audibility));
}

/** Announces an estimated start. `by`: so many samples had been heard by then, so it began earlier by their duration. */
function startBefore(draft: Draft, response: ResponseState, samples: number, by?: Known): void {
  const { audio } = response;
  if (!audio || !by) {
    startOnEstimate(draft, response);
    return;
  }
  const latestMs = addMs(by.atMs, -samplesToMs(samples, audio.sampleRateHz));
  startOnEstimate(draft, response, { ...by, atMs: laterOf(leftFromMs(audio), latestMs) });
}

/** Ends a response that its listener reports as stopped: cut if a sample was heard, else skipped. */
export function finishCut(draft: Draft, id: ResponseId, evidence: Evidence): void {
  const response = draft.response(id);
  if (!response) return;
  const { playback } = response;
  if (playback.status === 'playing') finish(draft, id, 'cut', reportedEnd(playback, evidence));
  else skipCut(draft, response);
}

/**
 * Ends a cut response that got no last report, from what is known and what must have played since. `noLaterThan`: a later one
 * sounded then.
 */
export function finishCutOnEstimate(draft: Draft, id: ResponseId, noLaterThan?: Known): void {
  const response = draft.response(id);
  if (!response?.audio) return;
  const end = (): void => endCut(draft, id, noLaterThan);
  if (isUnknown(draft, response)) endAsUnknown(draft, id, end);
  else end();
}

function endCut(draft: Draft, id: ResponseId, noLaterThan?: Known): void {
  const response = draft.response(id);
  if (!response?.audio) return;
  const cutAtMs = response.cut?.stoppedAtMs ?? draft.atMs;
  const cutAt = { atMs: cutAtMs, errorBoundMs: 0 };
  const stopped = noLaterThan ? earlierKnown(cutAt, noLaterThan) : cutAt;
  const expectedSamples = expectedHeardSamples(draft.state, response, stopped.atMs);
  const hasStarted = response.playback.status !== 'unheard';
  // So little may have left the queue by its model and not in fact: who heard it would report it.
  const reports = draft.state.listening && response.cut?.leftUntilMs !== undefined;
  const doubtMs = reports ? QUEUE_SLACK_MS : 0;
  if (!hasStarted && expectedSamples <= msToSamples(doubtMs, response.audio.sampleRateHz)) {
    skipCut(draft, response);
    return;
  }
  if (!hasStarted) startBefore(draft, response, expectedSamples, stopped);
  // A cut after the last sample cut nothing.
  if (response.audioEnded && expectedSamples === response.audio.sentSamples) {
    endHeard(draft, id, stopped);
    return;
  }
  const ranOutAtMs = expectedOf(draft.state, response)?.endMs;
  // If the start was announced, at least the first sample was heard [PB1].
  advanceOnEstimate(draft, id, Math.max(expectedSamples, hasStarted ? 1 : 0), stopped);
  const now = draft.response(id) ?? response;
  if (now.playback.status === 'playing')
    finish(draft, id, 'cut', estimatedEnd(draft, id, ranOutAtMs));
  else skipCut(draft, now);
}

/** Ends a response that was not heard at all [PB4]. */
export function skip(draft: Draft, response: ResponseState, reason: SkipReason): void {
  abortTasksOf(draft, response.id, 'not_heard');
  const { audio } = response;
  const inaudible = reason === 'not_known' ? unheardSpans(response) : toldSpans(response);
  const spans =
    audio && inaudible.length > 0 ? spansInMs(inaudible, audio.sampleRateHz) : undefined;
  const failed = reason === 'failed' && response.failure !== undefined;
  draft.emit({
    type: 'response_skipped',
    ...response.ref,
    reason,
    ...(failed ? { detail: response.failure } : {}),
    ...(spans ? { inaudible: spans } : {}),
  });
  forget(draft, response, {
    outcome: 'skipped',
    reason,
    heardSamples: 0,
    heardMs: 0,
    heardText: '',
  });
}

/** All that may have sounded of a response of which nothing is known to have been heard: of what is not told apart nothing is known. */
function unheardSpans(response: ResponseState): readonly SampleSpan[] {
  const { playback } = response;
  const sounded = playback.status === 'unheard' ? 0 : playback.heardSamples;
  let fromSamples = 0;
  const spans = toldSpans(response).flatMap((span) => {
    const gap = { why: 'silent' as const, fromSamples, toSamples: span.fromSamples };
    fromSamples = span.toSamples;
    return [gap, span];
  });
  return joinSpans([], [...spans, { why: 'silent', fromSamples, toSamples: sounded }]);
}

function skipCut(draft: Draft, response: ResponseState): void {
  skipUnheard(draft, response, draft.state.isClosed ? 'closed' : 'cut');
}

/** `otherwise`: the reason, unless it is that nobody is known to have heard what sounded of it. */
function skipUnheard(draft: Draft, response: ResponseState, otherwise: SkipReason): void {
  const reason = unheardReason(draft, response, otherwise);
  skip(draft, draft.response(response.id) ?? response, reason);
}

/** Ends a response of which all has sounded. */
function finishWhole(draft: Draft, id: ResponseId, end: End | undefined): void {
  const response = draft.response(id);
  if (!response) return;
  const { audio, cut } = response;
  const leftAtMs = audio && !cut ? haveLeftAtMs(audio, audio.sentSamples) : undefined;
  if (leftAtMs !== undefined && leftAtMs > draft.state.endedLeftAtMs)
    draft.patch({ endedLeftAtMs: leftAtMs });
  if (response.playback.status === 'playing') finish(draft, id, wholeOutcome(response), end);
  else skipUnheard(draft, response, 'not_known');
}

function wholeOutcome({ failure, inaudible }: ResponseState): 'heard' | 'partly_heard' | 'failed' {
  if (failure !== undefined) return 'failed';
  return inaudible.length > 0 ? 'partly_heard' : 'heard';
}

/** Moves the playhead to the end of what was sent, at the expected instant. */
function playOut(draft: Draft, { id, audio }: ResponseState, noLaterThan?: Known): void {
  const now = draft.response(id);
  if (!audio || !now) return;
  const expectedMs = expectedOf(draft.state, now)?.endMs ?? draft.atMs;
  const { path } = draft.state;
  const lateMs = noLaterThan ? 0 : overdueMs(draft, expectedMs);
  // What is expected later than now is known to be over only because a later response has begun [LW15].
  const laterBoundMs = expectedMs > draft.atMs ? (noLaterThan?.errorBoundMs ?? 0) : 0;
  const end = earlierKnown(
    { atMs: expectedMs, errorBoundMs: lateMs > 0 ? path.errorBoundMs + lateMs : laterBoundMs },
    noLaterThan ?? { atMs: draft.atMs, errorBoundMs: 0 },
  );
  advanceOnEstimate(draft, id, audio.sentSamples, end);
}

function advanceOnEstimate(draft: Draft, id: ResponseId, heardSamples: number, known: Known): void {
  const { atMs } = known;
  const errorBoundMs = Math.max(draft.state.path.errorBoundMs, known.errorBoundMs);
  const how = { evidence: 'estimate', errorBoundMs, isExact: true } as const;
  const audio = draft.response(id)?.audio;
  const leftMs = (audio && haveLeftAtMs(audio, heardSamples)) ?? atMs;
  // A pause that a cut ended leaves the model of the queue behind: nothing sounds before it left [LW9].
  advancePlayhead(draft, id, {
    heardSamples,
    atMs: laterOf(atMs, earlierOf(leftMs, draft.atMs)),
    ...how,
  });
}

/** The end according to the listener's reports. */
function reportedEnd(playback: Playing | PlayingInaudibly, evidence: Evidence): End {
  const { start, soundedAtMs, soundedErrorBoundMs } = playback;
  if (soundedAtMs >= start.startedAtMs)
    return { endedAtMs: soundedAtMs, evidence, errorBoundMs: soundedErrorBoundMs };
  // They come from different listeners, or the start is known less exactly. The end is then known no better than the start.
  const errorBoundMs = Math.max(soundedErrorBoundMs, start.errorBoundMs);
  return { endedAtMs: start.startedAtMs, evidence, errorBoundMs };
}

/** The estimated end. `noLaterThanMs`: when everything sent had sounded, although more was still to come. */
function estimatedEnd(draft: Draft, id: ResponseId, noLaterThanMs?: AgentMs): End | undefined {
  const response = draft.response(id);
  const playback = response?.playback;
  if (!playback || playback.status === 'unheard') return undefined;
  const { endedAtMs, evidence, errorBoundMs } = reportedEnd(playback, 'estimate');
  return {
    endedAtMs: laterOf(
      playback.start.startedAtMs,
      earlierOf(endedAtMs, noLaterThanMs ?? endedAtMs),
    ),
    evidence,
    errorBoundMs: Math.max(
      errorBoundMs,
      draft.state.path.errorBoundMs,
      unreportedMs(draft.state, response),
    ),
  };
}

function finish(
  draft: Draft,
  id: ResponseId,
  outcome: 'heard' | 'partly_heard' | 'cut' | 'failed',
  end: End | undefined,
): void {
  // Only now its last audio may be known to have come, and with it where its last words end.
  reachMarks(draft, id);
  const response = draft.response(id);
  if (!end || response?.playback.status !== 'playing' || !response.audio) return;
  const { heardSamples, start, positionAtMs } = response.playback;
  const errorMs = positionErrorMs(response, outcome, end);
  const heard = heardAudio(response, {
    samples: heardSamples,
    spans: toldSpans(response),
    errorMs,
  });
  if (!heard) return;
  const cutBy = outcome === 'cut' ? (response.cut?.by ?? 'not_known') : undefined;
  if (outcome === 'cut') abortTasksOf(draft, id, 'cut');
  draft.emit({
    type: 'response_playback_finished',
    ...response.ref,
    outcome,
    interrupted: outcome === 'cut',
    ...(cutBy === undefined ? {} : { cutBy }),
    ...end,
    ...heard,
  });
  draft.patch({ playedUntilMs: laterOf(draft.state.playedUntilMs, positionAtMs) });
  const told = {
    outcome,
    heardSamples: heard.heardSamples,
    heardMs: heard.heardMs,
    heardText: heard.heardText,
  };
  forget(draft, response, told, start);
}

/**
 * How far a cut position may be off, ms. A listener's own report and what had left a queue count samples; the report of a
 * transport and an estimate count time.
 */
function positionErrorMs(
  { cut }: ResponseState,
  outcome: string,
  { evidence, errorBoundMs }: End,
): number {
  if (outcome !== 'cut' || evidence === 'device') return 0;
  return evidence === 'estimate' && cut?.leftUntilMs !== undefined ? 0 : errorBoundMs;
}

/** Keeps what a late report may still refine or correct. */
function forget(
  draft: Draft,
  response: ResponseState,
  told: ToldOutcome,
  start?: HeardInstant,
): void {
  const { id, ref, audio, playback, inaudible, reported } = response;
  const soundedSamples = playback.status === 'unheard' ? 0 : playback.heardSamples;
  const ended = {
    response,
    told,
    soundedSamples,
    inaudible,
    reported,
    perhapsSamples: perhapsSounded(draft.state, response),
    leftUntilMs: response.cut?.leftUntilMs,
  };
  const recent: RecentResponse = {
    ref,
    ...(start ? { start } : {}),
    ...(audio ? { leftFromMs: leftFromMs(audio), ended } : {}),
  };
  draft.dropResponse(id);
  draft.patch({
    playout: draft.state.playout.filter((other) => other !== id),
    recent: withoutOne([...draft.state.recent, recent]),
  });
}

/** If there are too many, one of which nothing can have sounded is forgotten before the oldest. */
function withoutOne(recent: readonly RecentResponse[]): readonly RecentResponse[] {
  if (recent.length <= RECENT_RESPONSES_KEPT) return recent;
  const silent = recent
    .slice(0, -1)
    .findIndex(
      ({ ended }) => !ended || (ended.soundedSamples === 0 && ended.perhapsSamples === undefined),
    );
  return recent.toSpliced(Math.max(0, silent), 1);
}
