import type { OncueEventOf, PlayheadReport, TimelineInput } from '@oncue/core';
import type { HeardTruth } from '../world/ear.ts';
import { SAMPLES_PER_MS } from '../world/samples.ts';
import type { NaiveInputs, NaiveMark, NaiveResponse } from './naive_state.ts';
import { hold, Violation } from './violation.ts';

type Reached = OncueEventOf<'response_mark_reached'>;

/** Sums of fractions. */
const TOLERANCE_MS = 0.1;

/** No device drifts as much: who plays faster than this catches up. */
const DRIFT_SHARE = 0.002;
const FAST_SAMPLES_PER_MS = 1.1 * SAMPLES_PER_MS;

/** How many words end at or before a place. A word in which the place lies comes after it. */
function wordsBefore(text: string, textOffset: number): number {
  return [...text.matchAll(/\S+/g)].filter(
    ({ 0: word, index }) => index + word.length <= textOffset,
  ).length;
}

/** Where a mark is, if the times of the words say so. */
function exactSamples(event: Reached, response: NaiveResponse): number | undefined {
  const count = wordsBefore(response.text, event.textOffset);
  if (count === 0) return 0;
  return event.place === 'exact' ? response.wordEnds[count - 1] : undefined;
}

/** Takes a mark that was reached. @throws Violation */
export function checkMark(
  event: Reached,
  response: NaiveResponse,
  { isHearingTold }: NaiveInputs,
  input?: TimelineInput,
): void {
  const { name, textOffset, evidence } = event;
  const { start, marks } = response;
  hold('no mark of what was not heard [MK1]', start !== undefined, () => name);
  hold('no mark after the end [MK1]', response.end === undefined, () => name);
  const mark = marks.find((one) => one.name === name);
  if (!mark) throw new Violation('a mark was placed before it is reached [MK1]', name);
  hold('a mark is reached once [MK1]', !mark.isReached, () => name);
  hold('a mark is where it was placed [MK1]', mark.textOffset === textOffset, () => name);
  hold('marks in the order of the text [MK1]', !laterOf(mark, marks).some(isReached), () => name);
  mark.isReached = true;
  const samples = exactSamples(event, response);
  const isReported = evidence !== 'estimate' || input?.type === 'playhead';
  if (samples !== undefined && isReported)
    hold(
      'the words before a mark have sounded [MK1]',
      isHearingTold || response.heard >= Math.floor(samples),
      () => `${name}: ${response.heard} of ${samples}`,
    );
}

/**
 * Holds the instant of a mark against what sounded at the ears of honest listeners.
 *
 * @throws Violation
 */
export function checkMarkInstant(
  event: Reached,
  response: NaiveResponse,
  truths: readonly HeardTruth[],
  reports: readonly PlayheadReport[],
): void {
  const { name, reachedAtMs, errorBoundMs, evidence, atMs } = event;
  const startedAtMs = response.start?.startedAtMs ?? 0;
  hold(
    'a mark is not reached before its response starts [MK2]',
    reachedAtMs >= startedAtMs - (response.start?.errorBoundMs ?? 0) - TOLERANCE_MS,
    () => `${name}: ${reachedAtMs}, started ${startedAtMs}`,
  );
  hold(
    'a mark is not reached in the future [MK2]',
    reachedAtMs <= atMs + errorBoundMs + TOLERANCE_MS,
    () => `${name}: ${reachedAtMs} at ${atMs}`,
  );
  const samples = exactSamples(event, response);
  if (samples === undefined || evidence === 'estimate') return;
  if (truths.some((truth) => isPassedOver(truth, samples))) return;
  const untilMs = reachedAtMs + errorBoundMs + TOLERANCE_MS;
  if (caughtUpUnseen(truths, reports, samples, untilMs)) return;
  const sounded = Math.max(0, ...truths.map((truth) => truth.samplesAt(untilMs)));
  hold(
    'the words before a mark had sounded [MK2]',
    sounded + 2 >= Math.floor(samples),
    () => `${name}: ${samples} told, ${sounded} sounded by ${untilMs}`,
  );
}

/**
 * Whether a listener stood still and caught up between the report before a place and the one after it, so that no report
 * shows it. The mark must still lie after the report before it.
 */
function caughtUpUnseen(
  truths: readonly HeardTruth[],
  reports: readonly PlayheadReport[],
  samples: number,
  untilMs: number,
): boolean {
  const after = reports.find(({ heardSamples }) => heardSamples >= samples);
  if (!after) return false;
  // The playhead is that of the listener that is farthest. Each report states the start as well.
  const atStart = { ...after, heardSamples: 0, positionAtMs: after.startedAtMs };
  const before =
    reports
      .filter(({ heardSamples }) => heardSamples < samples)
      .toSorted((one, other) => one.heardSamples - other.heardSamples)
      .at(-1) ?? atStart;
  if (untilMs < before.positionAtMs - before.errorBoundMs) return false;
  if (showCatchingUp(before, after)) return false;
  return truths.some(({ runs }) =>
    runs.some(
      ({ samplesPerMs, fromMs, toMs }) =>
        samplesPerMs > FAST_SAMPLES_PER_MS &&
        fromMs <= after.positionAtMs + after.errorBoundMs &&
        toMs >= before.positionAtMs - before.errorBoundMs,
    ),
  );
}

/** Whether more sounded between two reports than their time holds. */
function showCatchingUp(before: PlayheadReport, after: PlayheadReport): boolean {
  const runMs = (after.heardSamples - before.heardSamples) / SAMPLES_PER_MS;
  const doubtMs = Math.min(before.errorBoundMs, after.errorBoundMs) + DRIFT_SHARE * runMs;
  return runMs - (after.positionAtMs - before.positionAtMs) > doubtMs + TOLERANCE_MS;
}

/**
 * Whether what comes after a place sounded at an ear, and the place itself did not: that listener came, or came back, after
 * it. From what it hears then it knows when the words before it were to sound.
 */
function isPassedOver({ runs }: HeardTruth, samples: number): boolean {
  const hasSounded = runs.some(
    ({ fromSample, toSample }) => fromSample < samples && samples <= toSample + 2,
  );
  return !hasSounded && runs.some(({ fromSample }) => fromSample > samples);
}

/** What was heard to its end has reached its marks. @throws Violation */
export function checkAllReached(response: NaiveResponse): void {
  const left = response.marks.find((mark) => !mark.isReached);
  hold('all marks of what was heard are reached [MK1]', !left, () => `${left?.name}`);
}

function isReached(mark: NaiveMark): boolean {
  return mark.isReached;
}

/** The marks that stand after one in the text. */
function laterOf(mark: NaiveMark, marks: readonly NaiveMark[]): readonly NaiveMark[] {
  return marks.slice(marks.indexOf(mark) + 1);
}
