import type { HeardInstant, ReportDropReason } from '../../events.ts';
import { type AgentMs, addMs, earlierOf, laterOf, msToSamples, samplesToMs } from '../../units.ts';
import { firstAudibleSample, type InaudibleTime, inaudibleTimeAt } from '../inaudible_spans.ts';
import type { PlayheadReport } from '../inputs.ts';
import { responseOf } from '../state/selectors.ts';
import type { RecentResponse, ResponseState, SentAudio, TimelineState } from '../state/state.ts';
import { haveLeftAtMs, QUEUE_TICK_MS, runOf } from './leaving.ts';

/**
 * What a listener cannot have heard, whoever it is and whatever it says [LW9]. A listener is the user's own machine: it
 * may claim to have heard less than it did, or later, but nothing that no machine can do. SECURITY.md tells
 * applications what follows: change both together.
 */

/** An instant known no better than this, after a round trip of some 20 s, says nothing. */
const MAX_ERROR_BOUND_MS = 10_000;

/** Instants that went through a clock map differ by this though they are the same. */
const ROUNDING_MS = 1e-6;

/** A listener is given no more leeway than this for the error bound that it states of itself. */
const MAX_LEEWAY_MS = 1000;

/** A page may report a sample when it leaves the worklet, that is ahead of the ear by its output latency. */
const MAX_AHEAD_MS = 1000;

/** How exactly the agent knows when audio leaves. */
export const QUEUE_SLACK_MS: number = 2 * QUEUE_TICK_MS;

/** Clocks and sound cards differ by less than this share; while audio leaves without a break, that adds up. */
export const DRIFT_SHARE = 0.002;

/** A listener that was behind catches up by playing faster, up to this rate and by this much. */
const MAX_RATE = 1.05;
const CATCH_UP_MS = 200;

/** No way to an ear is longer than this. A listener that took longer stood still. */
export const MAX_PATH_MS = 5000;

/** Why a report cannot be true; `undefined` when it can. */
export function refusalOf(
  state: TimelineState,
  report: PlayheadReport,
  nowMs: AgentMs,
): ReportDropReason | undefined {
  const { startedAtMs, positionAtMs, errorBoundMs } = report;
  if (!(errorBoundMs >= 0 && errorBoundMs <= MAX_ERROR_BOUND_MS)) return 'out_of_range';
  if (!(startedAtMs <= positionAtMs)) return 'out_of_range';
  if (!(positionAtMs <= addMs(nowMs, MAX_AHEAD_MS))) return 'in_future';
  const response = responseOf(state, report.responseId);
  if (response) return refusalOfLive(state, report, response, nowMs);
  const recent = state.recent.find((one) => one.ref.responseId === report.responseId);
  return recent ? refusalOfRecent(state, report, recent, nowMs) : 'unknown_response';
}

function refusalOfLive(
  state: TimelineState,
  report: PlayheadReport,
  response: ResponseState,
  nowMs: AgentMs,
  leftUntilMs: AgentMs | undefined = response.cut?.leftUntilMs,
): ReportDropReason | undefined {
  const { audio } = response;
  const { heardSamples, positionAtMs } = report;
  if (!audio || !(heardSamples >= 0 && heardSamples <= audio.sentSamples)) return 'not_sent';
  if (heardSamples === 0) return undefined;
  const leewayMs = leewayOf(report);
  if (latestStartMs(report) < leftFromMs(audio)) return 'before_it_left';
  const leftMs = leftAtMs(audio, heardSamples);
  const driftMs = slackMs(audio, heardSamples);
  if (leftMs > addMs(positionAtMs, leewayMs + driftMs)) return 'before_it_left';
  const stoppedAtMs = queueStoppedAtMs(state, leftUntilMs);
  if (stoppedAtMs !== undefined && audio.sentFromMs > stoppedAtMs) return 'before_it_left';
  const latestMs = addMs(earlierOf(nowMs, stoppedAtMs ?? nowMs), CATCH_UP_MS - QUEUE_SLACK_MS);
  if (leftMs > addMs(latestMs, driftMs)) return 'before_it_left';
  // One that fell behind before it began may have caught up since, but by no more than it can have fallen behind.
  const beyondSamples = heardSamples - mostSamples(report, response, audio);
  return samplesToMs(beyondSamples, audio.sampleRateHz) > MAX_PATH_MS ? 'too_fast' : undefined;
}

/** Whether all that was sent of a response can have been heard when a later one began. */
export function mayHaveEndedBy({ audio, cut }: ResponseState, atMs: AgentMs): boolean {
  if (!audio) return false;
  const untilMs = earlierOf(atMs, cut?.leftUntilMs ?? atMs);
  const slack = slackMs(audio, audio.sentSamples);
  return leftAtMs(audio, audio.sentSamples) <= addMs(untilMs, slack);
}

/** What is said of a response that has ended must have been possible while it played. */
function refusalOfRecent(
  state: TimelineState,
  report: PlayheadReport,
  { ended }: RecentResponse,
  nowMs: AgentMs,
): ReportDropReason | undefined {
  // Of one without audio a report says nothing, and is not wrong.
  return ended && refusalOfLive(state, report, ended.response, nowMs, ended.leftUntilMs);
}

/** When a response that is reported can have started at the latest: the clock of its listener may have drifted since. */
function latestStartMs(report: PlayheadReport): AgentMs {
  const { startedAtMs, positionAtMs } = report;
  return addMs(startedAtMs, leewayOf(report) + DRIFT_SHARE * (positionAtMs - startedAtMs));
}

/**
 * How much can have been played by a position: since the start that the report claims, or since the one that is known.
 * That of a page that was reloaded is where it went on, and one in the middle says nothing of the samples before it.
 */
function mostSamples(
  report: PlayheadReport,
  { playback, inaudible }: ResponseState,
  { sampleRateHz }: SentAudio,
): number {
  const since = (startedAtMs: AgentMs): number => {
    const passedMs = report.positionAtMs - startedAtMs + leewayOf(report);
    return msToSamples(CATCH_UP_MS + passedMs * MAX_RATE, sampleRateHz);
  };
  const claimed = since(report.startedAtMs);
  if (playback.status === 'unheard') return claimed;
  const firstSample = playback.status === 'playing' ? firstAudibleSample(inaudible) : 0;
  return Math.max(claimed, firstSample + since(playback.start.startedAtMs));
}

/**
 * A report that says no more than can have been played since the start [LW17]. One that says more comes from a listener
 * that stood still before it began, and then played faster or left something out. It has not ended by then.
 */
export function withinTime(
  report: PlayheadReport,
  response: ResponseState,
  audio: SentAudio,
): PlayheadReport {
  const heardSamples = mostSamples(report, response, audio);
  if (report.heardSamples <= heardSamples) return report;
  return { ...report, heardSamples, phase: report.phase === 'ended' ? 'playing' : report.phase };
}

/**
 * Whether a report tells the start of the first sample. That of a page that was reloaded is where it went on, and does
 * not hold what was heard before [BR3].
 */
export function isFirstStart(report: PlayheadReport, { sampleRateHz }: SentAudio): boolean {
  const soundedMs = samplesToMs(report.heardSamples, sampleRateHz);
  return report.positionAtMs >= earliestPositionMs(report, soundedMs);
}

/** When so much had sounded at the earliest, since a start that is known so exactly. */
export function earliestPositionMs(
  { startedAtMs, errorBoundMs }: Pick<HeardInstant, 'startedAtMs' | 'errorBoundMs'>,
  soundedMs: number,
): AgentMs {
  return addMs(startedAtMs, (soundedMs - CATCH_UP_MS) / MAX_RATE - leewayOf({ errorBoundMs }));
}

/**
 * A report of a start that lies in a time in which nobody was there, by no more than the report may be off: the listener began as it
 * came [AU19]. Its clock and its output are known less exactly at first than when it came.
 */
export function asPresent(
  report: PlayheadReport,
  times: readonly InaudibleTime[],
  nowMs: AgentMs,
): PlayheadReport {
  const { startedAtMs, positionAtMs, errorBoundMs } = report;
  const absence = inaudibleTimeAt(times, startedAtMs);
  if (absence?.why !== 'nobody' || absence.toMs === undefined) return report;
  const lateMs = absence.toMs - startedAtMs;
  if (lateMs > errorBoundMs) return report;
  // Nothing has been heard in the future, except by the bound.
  const latestMs = laterOf(positionAtMs, addMs(nowMs, errorBoundMs));
  const movedMs = earlierOf(addMs(positionAtMs, lateMs), latestMs);
  return { ...report, startedAtMs: absence.toMs, positionAtMs: movedMs };
}

/** When a pause or a cut stopped the agent's own queue, so that nothing more of a response left. */
function queueStoppedAtMs(
  { pausedAtMs, pauseReaches }: TimelineState,
  leftUntilMs: AgentMs | undefined,
): AgentMs | undefined {
  const pausedMs = pauseReaches === 'queue' ? pausedAtMs : undefined;
  const cutMs = leftUntilMs ?? pausedMs;
  return cutMs === undefined ? undefined : earlierOf(cutMs, pausedMs ?? cutMs);
}

function leftAtMs(audio: SentAudio, samples: number): AgentMs {
  return haveLeftAtMs(audio, samples) ?? audio.sentFromMs;
}

function slackMs(audio: SentAudio, samples: number): number {
  const since = runOf(audio, samples)?.unbrokenSinceMs ?? audio.sentFromMs;
  return QUEUE_SLACK_MS + DRIFT_SHARE * Math.max(0, leftAtMs(audio, samples) - since);
}

function leewayOf({ errorBoundMs }: { readonly errorBoundMs: number }): number {
  return Math.min(errorBoundMs, MAX_LEEWAY_MS) + ROUNDING_MS;
}

/** When the first sample of a response sounded at the earliest, as far as the agent knows it. */
export function leftFromMs(audio: SentAudio): AgentMs {
  return laterOf(audio.sentFromMs, addMs(leftAtMs(audio, 0), -slackMs(audio, 1)));
}

/**
 * What a measured start may teach of the path: `undefined` for what no path can be. A path that is measured as shorter
 * than nothing, within its bound, is one of no length.
 */
export function plausibleDelayMs(
  observedMs: number,
  { errorBoundMs }: { readonly errorBoundMs: number },
): number | undefined {
  if (errorBoundMs > MAX_LEEWAY_MS) return undefined;
  if (observedMs < -errorBoundMs - QUEUE_SLACK_MS || observedMs > MAX_PATH_MS) return undefined;
  return Math.max(0, observedMs);
}

/**
 * A report that was found possible, moved to where it is: by its error bound its instants may lie a little before the
 * audio left.
 */
export function asPossible(report: PlayheadReport, audio: SentAudio): PlayheadReport {
  const { heardSamples } = report;
  if (heardSamples === 0) return report;
  const startedAtMs = laterOf(report.startedAtMs, leftFromMs(audio));
  const leftMs = addMs(leftAtMs(audio, heardSamples), -slackMs(audio, heardSamples));
  const positionAtMs = laterOf(laterOf(report.positionAtMs, leftMs), startedAtMs);
  return { ...report, startedAtMs, positionAtMs };
}
