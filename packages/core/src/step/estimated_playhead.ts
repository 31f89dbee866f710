import { type AgentMs, addMs, earlierOf, laterOf, msToSamples, samplesToMs } from '../units.ts';
import { leftSamplesBy } from './claims/leaving.ts';
import { responseOf } from './state/selectors.ts';
import type { ResponseState, SentAudio, TimelineState } from './state/state.ts';

/**
 * The agent's own estimate of the playhead: a queue that plays what is sent without a gap, followed by the path delay.
 * Used when reports are missing [PB5] and for predicted timing [TK5].
 */

/** An instant, and how exactly it is known. */
export interface Known {
  readonly atMs: AgentMs;
  readonly errorBoundMs: number;
}

/** What is expected, unless something after it sounded earlier: then it is known no better than that. */
export function earlierKnown(expected: Known, noLaterThan: Known): Known {
  if (expected.atMs <= noLaterThan.atMs) return expected;
  const errorBoundMs = Math.max(expected.errorBoundMs, noLaterThan.errorBoundMs);
  return { atMs: noLaterThan.atMs, errorBoundMs };
}

/** When a response of the playout is expected to be heard. */
export interface Expected {
  readonly response: ResponseState;
  readonly startMs: AgentMs;
  /** The end of what has been sent so far. */
  readonly endMs: AgentMs;
}

/** When each response of the playout is expected to play, in order. Each begins when the one before it has ended. */
export function expectedPlayout(state: TimelineState): readonly Expected[] {
  const { delayMs } = state.path;
  const expected: Expected[] = [];
  let before: ResponseState | undefined;
  let freeAtMs = state.playedUntilMs;
  for (const id of state.playout) {
    const response = responseOf(state, id);
    if (!response?.audio) continue;
    const { audio } = response;
    const joinedEndMs = before && measuredEnd(before, audio);
    const dueMs = joinedEndMs ?? laterOf(addMs(audio.modelStartMs, delayMs), freeAtMs);
    // Nothing sounds before it was sent, however short the path was measured.
    const startMs = laterOf(dueMs, audio.sentFromMs);
    // The later of the two, since a listener that stalled is behind the model and an early end would cut its last words.
    const endMs = laterOf(
      addMs(audio.modelEndMs, delayMs),
      endWithoutGaps(response, audio, startMs),
    );
    expected.push({ response, startMs, endMs });
    before = response;
    freeAtMs = earlierOf(endMs, response.cut?.stoppedAtMs ?? endMs);
  }
  return expected;
}

/** When the first `samples` of a response have left the queue, according to the model. */
export function modelledLeave(audio: SentAudio, samples: number): AgentMs {
  const { sampleRateHz, sentSamples, samplesBeforeGap, modelStartMs, modelEndMs } = audio;
  if (samples < samplesBeforeGap) return addMs(modelStartMs, samplesToMs(samples, sampleRateHz));
  return addMs(modelEndMs, -samplesToMs(sentSamples - samples, sampleRateHz));
}

/** The expectation for one response; `undefined` before any of its audio was sent. */
export function expectedOf(state: TimelineState, response: ResponseState): Expected | undefined {
  return expectedPlayout(state).find((one) => one.response.id === response.id);
}

/** The measured end of a response that the next one follows without a gap. More accurate than the model. */
function measuredEnd(before: ResponseState, next: SentAudio): AgentMs | undefined {
  const { audio, playback } = before;
  if (!audio || before.cut) return undefined;
  if (playback.status === 'unheard' || playback.positionEvidence === 'estimate') return undefined;
  if (audio.modelEndMs !== next.modelStartMs) return undefined;
  return endWithoutGaps(before, audio, playback.start.startedAtMs);
}

/** When everything sent has sounded, if it plays without a gap from the known position or the expected start. */
function endWithoutGaps(response: ResponseState, audio: SentAudio, startMs: AgentMs): AgentMs {
  const { playback } = response;
  if (playback.status === 'unheard') {
    return addMs(startMs, samplesToMs(audio.sentSamples, audio.sampleRateHz));
  }
  const leftSamples = audio.sentSamples - playback.heardSamples;
  return addMs(playback.positionAtMs, samplesToMs(leftSamples, audio.sampleRateHz));
}

/**
 * How many samples of `response` are expected to have been heard at `atMs`: at most what was sent, at least what is
 * known. Takes the smaller of the model's estimate and the one from the last position, so that no unheard word is
 * claimed.
 */
export function expectedHeardSamples(
  state: TimelineState,
  response: ResponseState,
  atMs: AgentMs,
): number {
  const { audio, playback } = response;
  const startMs = expectedOf(state, response)?.startMs;
  if (!audio || startMs === undefined) return 0;
  const hasPosition = playback.status !== 'unheard';
  const known = hasPosition ? playback.heardSamples : 0;
  const untilMs = earlierOf(atMs, silentFromMs(state) ?? atMs);
  const sinceMs = untilMs - (hasPosition ? playback.positionAtMs : startMs);
  const fromPosition = known + msToSamples(sinceMs, audio.sampleRateHz);
  // The path may have changed since a cut; what had left the queue by then has not.
  const leftUntilMs = response.cut?.leftUntilMs ?? untilMs;
  const leftMs = earlierOf(addMs(untilMs, -state.path.delayMs), leftUntilMs);
  const modelled = modelledSamples(audio, leftMs);
  // The model remembers one gap; a slow voice makes many.
  const left = leftSamplesBy(audio, earlierOf(untilMs, leftUntilMs));
  return Math.min(audio.sentSamples, Math.max(known, Math.min(fromPosition, modelled, left)));
}

/** Since when a pause leaves nothing to be heard: what had left the queue by then still sounds. */
function silentFromMs({ pausedAtMs, pauseReaches, path }: TimelineState): AgentMs | undefined {
  if (pausedAtMs === undefined) return undefined;
  return pauseReaches === 'queue' ? addMs(pausedAtMs, path.delayMs) : pausedAtMs;
}

/** How many samples of a response have left by `atMs`, according to the model and at the most. */
export function leftByModel(audio: SentAudio, atMs: AgentMs): number {
  const left = Math.min(modelledSamples(audio, atMs), leftSamplesBy(audio, atMs));
  return Math.max(0, Math.min(audio.sentSamples, left));
}

/** How many samples the queue has played by `atMs`, according to the model. */
function modelledSamples(audio: SentAudio, atMs: AgentMs): number {
  const { sampleRateHz, sentSamples, samplesBeforeGap } = audio;
  const leftSamples = msToSamples(audio.modelEndMs - atMs, sampleRateHz);
  const played = sentSamples - leftSamples;
  if (played >= samplesBeforeGap) return played;
  return Math.min(samplesBeforeGap, msToSamples(atMs - audio.modelStartMs, sampleRateHz));
}
