import type { Evidence, HeardInstant } from '../events.ts';
import {
  type AgentMs,
  addMs,
  earlierOf,
  laterOf,
  msToSamples,
  type ResponseId,
  samplesToMs,
} from '../units.ts';
import {
  asAudible,
  isAudibleStart,
  muteDoubtMs,
  timesFor,
  unmutedBefore,
} from './audible_start.ts';
import { leftSamplesBy, QUEUE_TICK_MS } from './claims/leaving.ts';
import { leftFromMs } from './claims/physics.ts';
import { earliestAfterStart, nextSoundsFromMs, slackOf } from './claims/positions.ts';
import { earlierKnown, expectedOf, type Known } from './estimated_playhead.ts';
import {
  audibleSamples,
  firstAudibleSample,
  inaudibleOf,
  joinSpans,
  type Run,
  type SampleSpan,
  withSounded,
} from './inaudible_spans.ts';
import { reachMarks } from './marks.ts';
import { learnPath } from './path/learn_path.ts';
import { applyState } from './queue/held_states.ts';
import { checkPrediction, startTasks } from './response_tasks.ts';
import type { Draft } from './state/draft.ts';
import type {
  Playing,
  PlayingInaudibly,
  ResponseState,
  SentAudio,
  TimelineState,
} from './state/state.ts';

/**
 * The start and the progress of a response as it is heard. A start is announced once, before anything that follows from
 * it [PB1].
 */

/** A listener did not stand still for less than this: its clock became known a little better, or its device runs a little fast. */
const LEAST_STAND_MS = 10;

/** The first sample sounds. It is announced as heard, unless nobody can hear it [AU2]. */
export function beginPlayback(draft: Draft, response: ResponseState, start: HeardInstant): void {
  if (response.playback.status !== 'unheard') return;
  const isAudible = isAudibleStart(draft.state, start);
  const unmuted = isAudible ? unmutedBefore(draft.state, start) : undefined;
  const heard = asAudible(start, unmuted);
  draft.patchResponse(response.id, {
    playback: {
      status: isAudible ? 'playing' : 'inaudible',
      start: heard,
      ...(unmuted ? { unmuted } : {}),
      heardSamples: 0,
      positionAtMs: start.startedAtMs,
      movedAtMs: start.startedAtMs,
      knownAtMs: start.startedAtMs,
      positionEvidence: start.evidence,
      soundedAtMs: start.startedAtMs,
      soundedErrorBoundMs: start.errorBoundMs,
      runs: [],
    },
  });
  if (isAudible) announceStart(draft, response, heard);
  learnPath(draft, response, start);
}

/** Of a response that nobody could hear so far somebody can: that is when it starts to be heard. */
export function startIfAudible(draft: Draft, id: ResponseId, said: HeardInstant): void {
  const response = draft.response(id);
  if (response?.playback.status !== 'inaudible') return;
  const { playback, inaudible, audio } = response;
  const unmuted = unmutedBefore(draft.state, said);
  const start = asAudible(said, unmuted);
  // As much as is not certain may have come when nobody could hear.
  const unmuteMs =
    start.evidence === 'estimate' ? start.errorBoundMs : (unmuted?.errorBoundMs ?? 0);
  const doubtMs = unmuteMs + muteDoubtMs(draft.state, start, playback.movedAtMs);
  const doubtSamples = msToSamples(doubtMs, audio?.sampleRateHz ?? 1);
  if (audibleSamples(playback.heardSamples, inaudible) > doubtSamples)
    startAudibly(draft, response, playback, start);
}

function startAudibly(
  draft: Draft,
  response: ResponseState,
  playback: PlayingInaudibly,
  said: HeardInstant,
): void {
  // Somebody could hear before it began, though that may be known only now.
  const startedAtMs = laterOf(said.startedAtMs, playback.start.startedAtMs);
  const start = perhapsEarlier(draft.state, { ...response, playback }, { ...said, startedAtMs });
  draft.patchResponse(response.id, { playback: { ...playback, status: 'playing', start } });
  announceStart(draft, response, start);
}

/** An estimated start, of which the bound reaches back over the time in which the listener did not answer: it may have heard [AU5]. */
function perhapsEarlier(
  { inaudibleTimes }: TimelineState,
  { playback: { start: first }, inaudible, audio }: StartsAudibly,
  said: HeardInstant,
): HeardInstant {
  const { startedAtMs, evidence, errorBoundMs } = said;
  if (evidence !== 'estimate') return said;
  const unknown = inaudibleTimes.find(
    ({ why, fromMs, toMs }) =>
      why === 'silent' && fromMs < startedAtMs && (toMs === undefined || toMs > first.startedAtMs),
  );
  // When it answers again, that time may be over for longer than what was reported meanwhile, which counts as unknown too.
  const before = inaudible.find(({ toSamples }) => toSamples === firstAudibleSample(inaudible));
  const unknownMs =
    before?.why === 'silent'
      ? samplesToMs(before.toSamples - before.fromSamples, audio?.sampleRateHz ?? 1)
      : 0;
  const fromMs = Math.min(unknown?.fromMs ?? startedAtMs, startedAtMs - unknownMs);
  const earliestMs = Math.max(fromMs, first.startedAtMs);
  return { ...said, errorBoundMs: errorBoundMs + Math.max(0, startedAtMs - earliestMs) };
}

/** What sounds, and could not be heard so far. */
type StartsAudibly = Pick<ResponseState, 'inaudible' | 'audio'> & {
  readonly playback: PlayingInaudibly;
};

/** Announces the first heard sample [PB1, PB2], puts the agent in `speaking` [SQ2], starts the tasks [TK1]. */
function announceStart(draft: Draft, response: ResponseState, start: HeardInstant): void {
  draft.emit({ type: 'response_playback_started', ...response.ref, ...start });
  // A start that is only discovered after a cut or the end of its turn no longer changes the state [SQ4].
  if (!draft.turn(response.turnId)?.ending)
    applyState(draft, response.turnId, { state: 'speaking', source: 'playback' });
  checkPrediction(draft, response, start);
  startTasks(draft, response.id, 'confirmed', start);
}

/**
 * Announces the start on the agent's own estimate [PB5].
 *
 * @param noLaterThan Something after it sounded. Without that, a report is overdue.
 */
export function startOnEstimate(draft: Draft, response: ResponseState, noLaterThan?: Known): void {
  const { playback } = response;
  const { path, inaudibleTimes } = draft.state;
  const { errorBoundMs } = path;
  const evidence = 'estimate' as const;
  if (playback.status === 'inaudible') {
    const startedAtMs = inaudibleTimes.at(-1)?.toMs ?? draft.atMs;
    const said = { startedAtMs, evidence, errorBoundMs } as const;
    startAudibly(draft, response, playback, asAudible(said, unmutedBefore(draft.state, said)));
    return;
  }
  const expectedMs = expectedOf(draft.state, response)?.startMs ?? draft.atMs;
  const lateMs = noLaterThan ? 0 : overdueMs(draft, expectedMs);
  const start = earlierKnown(
    { atMs: expectedMs, errorBoundMs: errorBoundMs + lateMs },
    noLaterThan ?? { atMs: draft.atMs, errorBoundMs: 0 },
  );
  // Not in the future, as far as it can have left by now [LW9].
  const leftMs = response.audio ? leftFromMs(response.audio) : draft.atMs;
  beginPlayback(draft, response, {
    startedAtMs: laterOf(earlierOf(start.atMs, draft.atMs), earlierOf(start.atMs, leftMs)),
    evidence,
    errorBoundMs: start.errorBoundMs,
  });
}

/** For how long a listener that reports has not reported what it was expected to hear. The audio may be late by as much. */
export function overdueMs({ state, atMs }: Draft, expectedMs: AgentMs): number {
  return state.listening ? Math.max(0, atMs - expectedMs) : 0;
}

/** A position of the playhead, from a report or the estimate. */
export interface Position {
  readonly heardSamples: number;
  /** When these samples had been heard. */
  readonly atMs: AgentMs;
  readonly evidence: Evidence;
  readonly errorBoundMs: number;
  /** `atMs` is the instant at which the last of them had sounded, not a later one. */
  readonly isExact: boolean;
}

/** Moves the playhead forward. Never moves it back or past what was sent [PB7]. */
export function advancePlayhead(draft: Draft, id: ResponseId, position: Position): void {
  const response = draft.response(id);
  if (!response?.audio || response.playback.status === 'unheard') return;
  const { playback, audio } = response;
  const { heardSamples, evidence } = position;
  if (heardSamples < playback.heardSamples) return;
  if (heardSamples === playback.heardSamples) {
    standStill(draft, id, playback, position.atMs);
    return;
  }
  const sent = { ...response, audio };
  const said = soundedBy(draft, sent, playback, position);
  const earliestMs = earliestAfterStart(playback, said.inaudible, position, audio.sampleRateHz);
  const at = movedTo(earliestMs, position, laterOf(draft.atMs, playback.start.startedAtMs));
  const { atMs, errorBoundMs } = at;
  const { run, inaudible } = at === position ? said : soundedBy(draft, sent, playback, at);
  const stoodMs = slackOf(playback, at, audio.sampleRateHz);
  const slackMs = position.isExact ? 0 : stoodMs;
  draft.patchResponse(id, {
    inaudible,
    playback: {
      ...playback,
      heardSamples,
      positionAtMs: atMs,
      movedAtMs: atMs,
      knownAtMs: atMs,
      positionEvidence: evidence,
      soundedAtMs: addMs(atMs, -slackMs / 2),
      soundedErrorBoundMs: errorBoundMs + slackMs / 2,
      runs: withSounded(playback.runs, run),
    },
  });
  const audible = audibleSamples(heardSamples, inaudible);
  if (audible > audibleSamples(playback.heardSamples, response.inaudible)) {
    const firstMs = instantIn(run, firstAudibleSample(inaudible), audio.sampleRateHz);
    startIfAudible(draft, id, firstHeard(draft.state, at, firstMs, stoodMs));
    if (draft.response(id)?.playback.status === 'playing')
      draft.emit({
        type: 'response_playback_progressed',
        ...response.ref,
        heardSamples: audible,
        sentSamples: audio.sentSamples,
        heardMs: samplesToMs(audible, audio.sampleRateHz),
        positionAtMs: atMs,
        evidence,
        errorBoundMs,
      });
  }
  reachMarks(draft, id, playback);
}

/**
 * A position moved to the earliest instant that the start admits [LW15], but never into the future: a listener that fell
 * behind and then played faster is there already. What lies between that instant and the reported one widens the bound.
 */
function movedTo(earliestMs: AgentMs, position: Position, latestMs: AgentMs): Position {
  if (position.atMs >= earliestMs) return position;
  const atMs = earlierOf(earliestMs, laterOf(position.atMs, latestMs));
  return { ...position, atMs, errorBoundMs: position.errorBoundMs + (earliestMs - position.atMs) };
}

/** What sounded since the last position, and what nobody heard of all that has. */
function soundedBy(
  { state }: Draft,
  { inaudible, audio }: ResponseState & { readonly audio: SentAudio },
  before: Playing | PlayingInaudibly,
  position: Position,
): { readonly run: Run; readonly inaudible: readonly SampleSpan[] } {
  const run = runOf(state, before, position, audio);
  const times = timesFor(state, position.evidence, position.atMs - before.positionAtMs);
  return { run, inaudible: joinSpans(inaudible, inaudibleOf(times, run)) };
}

/**
 * The listener reports that its playhead stands still. The estimate waits for it for `stallTimeoutMs` [LW3]. That no more had
 * sounded by then is known without a limit.
 */
function standStill(
  draft: Draft,
  id: ResponseId,
  playback: Playing | PlayingInaudibly,
  atMs: AgentMs,
): void {
  const latestMs = addMs(playback.movedAtMs, draft.state.options.stallTimeoutMs);
  const positionAtMs = laterOf(playback.positionAtMs, earlierOf(atMs, latestMs));
  const knownAtMs = laterOf(playback.knownAtMs, atMs);
  draft.patchResponse(id, { playback: { ...playback, positionAtMs, knownAtMs } });
}

/**
 * The samples that sounded since the last position. Where it stood still in between, they are the end of that time. If it has played
 * all that had left, or playout is paused, it may as well stand still since then.
 */
function runOf(
  { pausedAtMs }: TimelineState,
  before: Playing | PlayingInaudibly,
  { heardSamples, atMs, isExact }: Position,
  audio: SentAudio,
): Run {
  const { sampleRateHz } = audio;
  const lengthMs = samplesToMs(heardSamples - before.heardSamples, sampleRateHz);
  const sinceMs = nextSoundsFromMs(before);
  const fromMs = Math.min(atMs, Math.max(sinceMs, atMs - lengthMs));
  const stoodMs = fromMs - sinceMs;
  const soonSamples = heardSamples + msToSamples(QUEUE_TICK_MS, sampleRateHz);
  const hasPlayedAll = soonSamples >= leftSamplesBy(audio, atMs);
  const isPaused = pausedAtMs !== undefined && atMs > pausedAtMs;
  const mayStand = !isExact && stoodMs >= LEAST_STAND_MS && (hasPlayedAll || isPaused);
  return {
    fromSamples: before.heardSamples,
    toSamples: heardSamples,
    fromMs,
    toMs: atMs,
    earlierMs: mayStand ? stoodMs : 0,
  };
}

/**
 * When a response began to be heard of which the beginning was heard by nobody. If the listener stood still meanwhile, that may
 * have been before or after its first audible sample, and the instant lies between the two. One that has come in the middle
 * reports where it is, not from when on it got audio.
 */
function firstHeard(
  state: TimelineState,
  { evidence, errorBoundMs, atMs }: Position,
  expectedMs: AgentMs,
  stoodMs: number,
): HeardInstant {
  const past = timesFor(state, evidence, 0).filter(
    ({ toMs }) => toMs !== undefined && toMs <= atMs,
  );
  const audibleFromMs = past.at(-1)?.toMs;
  if (evidence === 'estimate' || audibleFromMs === undefined)
    return { startedAtMs: expectedMs, evidence, errorBoundMs };
  const latestMs = past.some(({ why }) => why === 'nobody') ? atMs : expectedMs;
  const earliestMs = earlierOf(expectedMs, laterOf(addMs(expectedMs, -stoodMs), audibleFromMs));
  const halfMs = (latestMs - earliestMs) / 2;
  return { startedAtMs: addMs(earliestMs, halfMs), evidence, errorBoundMs: errorBoundMs + halfMs };
}

/** When a sample of a run sounded: before a standstill, if there was one; and in its place, if the two ends lie too near each other. */
function instantIn(
  { fromSamples, toSamples, fromMs, toMs }: Run,
  sample: number,
  rateHz: number,
): AgentMs {
  const sinceMs = samplesToMs(Math.max(0, sample - fromSamples), rateHz);
  const share = (toMs - fromMs) / samplesToMs(Math.max(1, toSamples - fromSamples), rateHz);
  return Math.min(toMs, fromMs + sinceMs * Math.min(1, share)) as AgentMs;
}
