import type { HeardInstant, ResponseMarkReached } from '../events.ts';
import type { HeardTextQuery } from '../heard_text/heard_text.ts';
import { type PlaceInAudio, placeInAudio } from '../heard_text/place_in_audio.ts';
import { type AgentMs, addMs, earlierOf, laterOf, type ResponseId, samplesToMs } from '../units.ts';
import { DRIFT_SHARE } from './claims/physics.ts';
import { modelledLeave } from './estimated_playhead.ts';
import { inaudibleTimeAt } from './inaudible_spans.ts';
import type { TimelineInput } from './inputs.ts';
import { applyState } from './queue/held_states.ts';
import { startTask } from './response_tasks.ts';
import type { Draft } from './state/draft.ts';
import type { Mark, Playing, ResponseState, TimelineState } from './state/state.ts';

/**
 * Marks in the text of a response. One is reached when the words before it have been heard [MK1], and leaves its response's list
 * then. One whose words sound while nobody can hear leaves the list too, but not before something of the response was heard. What
 * is still in the list when the response ends is never reached.
 */

/** A position of the playhead, and when it was there. */
interface Sounded {
  readonly heardSamples: number;
  readonly soundedAtMs: AgentMs;
  readonly soundedErrorBoundMs: number;
  /** Until when nothing more had sounded. */
  readonly knownAtMs: AgentMs;
}

/** Puts a mark into the text of a response, in the order of the text. */
export function placeMark(
  draft: Draft,
  input: Extract<TimelineInput, { type: 'mark_placed' }>,
): void {
  const response = draft.response(input.responseId);
  if (!response) return;
  const { name, agentState, taskId, abortOnCut = false } = input;
  const textOffset = input.textOffset ?? response.text.length;
  const mark: Mark = {
    name,
    textOffset,
    agentState,
    task: taskId === undefined ? undefined : { taskId, timing: 'confirmed', abortOnCut },
  };
  const place = response.marks.findIndex((other) => other.textOffset > textOffset);
  const marks = response.marks.toSpliced(place < 0 ? response.marks.length : place, 0, mark);
  draft.patchResponse(response.id, { marks, nextMarkSamples: undefined });
}

/** Reaches what the playhead has passed. @param before - where it was known to be before that. */
export function reachMarks(draft: Draft, id: ResponseId, before?: Sounded): void {
  for (;;) {
    const response = draft.response(id);
    const mark = response?.marks[0];
    if (!response?.audio || !mark || response.playback.status === 'unheard') return;
    const { playback, audio } = response;
    const place = placeInAudio(queryOf(response), mark.textOffset);
    if (response.nextMarkSamples !== place?.samples)
      draft.patchResponse(id, { nextMarkSamples: place?.samples });
    if (!place || place.samples > playback.heardSamples) return;
    // Whether nobody heard it may be told anew, as long as nothing was announced as heard.
    if (playback.status !== 'playing') return;
    takeFirst(draft, response);
    if (!isAudible(response, place)) continue;
    const at = instantOf(place, playback, before, audio.sampleRateHz);
    const errorBoundMs = at.errorBoundMs + placeErrorMs(place, audio.sampleRateHz);
    announce(draft, response, mark, place, {
      reachedAtMs: at.atMs,
      evidence: place.samples > 0 ? playback.positionEvidence : playback.start.evidence,
      errorBoundMs,
    });
  }
}

/**
 * When the next mark is decided on, if no report says that it was reached: at its expected instant, or, if nobody can hear then,
 * at the end of that time. Until then a report may still say that it was heard. `undefined` if that cannot be known yet.
 */
export function markDueMs(state: TimelineState, response: ResponseState): AgentMs | undefined {
  const atMs = markExpectedMs(state, response);
  if (atMs === undefined) return undefined;
  const unheard = inaudibleTimeAt(state.inaudibleTimes, atMs);
  return unheard ? unheard.toMs : atMs;
}

/** When the next mark is expected to sound; `undefined` if that cannot be known yet. */
function markExpectedMs(state: TimelineState, response: ResponseState): AgentMs | undefined {
  const { audio, playback, nextMarkSamples: samples } = response;
  if (samples === undefined || !audio || playback.status !== 'playing') return undefined;
  if (samples > audio.sentSamples || samples <= playback.heardSamples) return undefined;
  const restMs = samplesToMs(samples - playback.heardSamples, audio.sampleRateHz);
  return laterOf(
    addMs(playback.positionAtMs, restMs),
    addMs(modelledLeave(audio, samples), state.path.delayMs),
  );
}

/** How long after its expected instant something is waited for that a listener should report. */
export function reportPatienceMs({ listening, options }: TimelineState): number {
  return listening ? options.reportTimeoutMs : 0;
}

/** Reaches the next mark on the agent's own estimate, unless what has come since has moved it. */
export function reachOnEstimate(draft: Draft, id: ResponseId): void {
  const before = draft.response(id);
  const mark = before?.marks[0];
  if (!before?.audio || !mark) return;
  const place = placeInAudio(queryOf(before), mark.textOffset);
  draft.patchResponse(id, { nextMarkSamples: place?.samples });
  const response = draft.response(id);
  const atMs = response && markExpectedMs(draft.state, response);
  const dueMs = response && markDueMs(draft.state, response);
  if (!place || !response || atMs === undefined || dueMs === undefined) return;
  if (addMs(dueMs, reportPatienceMs(draft.state)) > draft.atMs) return;
  takeFirst(draft, response);
  // Nobody heard it, as far as is known.
  if (dueMs !== atMs) {
    reachMarks(draft, id);
    return;
  }
  const { path } = draft.state;
  announce(draft, response, mark, place, {
    reachedAtMs: atMs,
    evidence: 'estimate',
    errorBoundMs: path.errorBoundMs + placeErrorMs(place, before.audio.sampleRateHz),
  });
}

function takeFirst(draft: Draft, { id, marks }: ResponseState): void {
  draft.patchResponse(id, { marks: marks.slice(1), nextMarkSamples: undefined });
}

function announce(
  draft: Draft,
  response: ResponseState,
  { name, textOffset, agentState, task }: Mark,
  { isExact }: PlaceInAudio,
  reached: Pick<ResponseMarkReached, 'reachedAtMs' | 'evidence' | 'errorBoundMs'>,
): void {
  const { ref, turnId } = response;
  const place = isExact ? 'exact' : 'estimated';
  draft.emit({ type: 'response_mark_reached', ...ref, name, textOffset, ...reached, place });
  if (agentState && !draft.turn(turnId)?.ending)
    applyState(draft, turnId, { state: agentState, source: 'mark' });
  const { reachedAtMs: startedAtMs, evidence, errorBoundMs } = reached;
  if (task) startTask(draft, ref, task, { startedAtMs, evidence, errorBoundMs, mark: name });
}

/** Whether somebody could hear the last sample before the mark; for one at the very start, the first sample. */
function isAudible({ inaudible }: ResponseState, { samples }: PlaceInAudio): boolean {
  const sample = Math.max(0, Math.ceil(samples) - 1);
  return !inaudible.some((span) => span.fromSamples <= sample && sample < span.toSamples);
}

/**
 * When a place was reached that the playhead has passed. Between two known positions the audio may have stood still before
 * the place or after it: the instant lies between the two. Where more sounded than their time holds, the listener caught
 * up, and how it got from one position to the other is not known.
 */
function instantOf(
  { samples }: PlaceInAudio,
  now: Playing,
  before: Sounded | undefined,
  sampleRateHz: number,
): { readonly atMs: AgentMs; readonly errorBoundMs: number } {
  const { start, heardSamples, soundedAtMs, soundedErrorBoundMs } = now;
  if (samples <= 0) return { atMs: start.startedAtMs, errorBoundMs: start.errorBoundMs };
  const from = before && before.heardSamples <= samples ? before : atStart(start);
  const ofPositionsMs = Math.max(soundedErrorBoundMs, from.soundedErrorBoundMs);
  const runMs = samplesToMs(heardSamples - from.heardSamples, sampleRateHz);
  const fromMs = from.heardSamples < samples ? from.knownAtMs : from.soundedAtMs;
  const doubtMs = Math.min(soundedErrorBoundMs, from.soundedErrorBoundMs);
  const caughtUp = runMs - (soundedAtMs - fromMs) > doubtMs + DRIFT_SHARE * runMs;
  const unbrokenMs = samplesToMs(samples - from.heardSamples, sampleRateHz);
  const earliestMs = addMs(fromMs, caughtUp ? 0 : unbrokenMs);
  const latestMs = addMs(soundedAtMs, caughtUp ? 0 : unbrokenMs - runMs);
  const middleMs = ((earliestMs + latestMs) / 2) as AgentMs;
  // The listener's clock runs a little faster or slower than its rate says, from the nearer of the two positions.
  const driftMs = DRIFT_SHARE * Math.min(unbrokenMs, runMs - unbrokenMs);
  const errorBoundMs = Math.abs(latestMs - earliestMs) / 2 + ofPositionsMs + driftMs;
  return { atMs: laterOf(start.startedAtMs, earlierOf(middleMs, soundedAtMs)), errorBoundMs };
}

function atStart({ startedAtMs, errorBoundMs }: HeardInstant): Sounded {
  const [soundedAtMs, knownAtMs, soundedErrorBoundMs] = [startedAtMs, startedAtMs, errorBoundMs];
  return { heardSamples: 0, soundedAtMs, soundedErrorBoundMs, knownAtMs };
}

function placeErrorMs(
  { samples, earliestSamples, latestSamples }: PlaceInAudio,
  sampleRateHz: number,
): number {
  return samplesToMs(Math.max(latestSamples - samples, samples - earliestSamples), sampleRateHz);
}

function queryOf(response: ResponseState): HeardTextQuery {
  const { text, textEnded, words, audio, audioEnded, truncated, failure, playback } = response;
  return {
    text,
    textEnded,
    words,
    heardSamples: playback.status === 'unheard' ? 0 : playback.heardSamples,
    sentSamples: audio?.sentSamples ?? 0,
    sampleRateHz: audio?.sampleRateHz ?? 1,
    audioEnded: audioEnded && !truncated && failure === undefined,
  };
}
