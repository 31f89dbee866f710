import type { Evidence, HeardInstant, ReportDropReason } from '../events.ts';
import { type AgentMs, addMs, laterOf, msToSamples, type ResponseId } from '../units.ts';
import { asAudible, unmutedBefore } from './audible_start.ts';
import { haveLeftAtMs } from './claims/leaving.ts';
import {
  asPossible,
  asPresent,
  isFirstStart,
  mayHaveEndedBy,
  refusalOf,
  withinTime,
} from './claims/physics.ts';
import { reportsAll } from './claims/unreported.ts';
import { finishCut, finishCutOnEstimate, finishHeard, finishIfComplete } from './finish.ts';
import {
  type InaudibleTime,
  inaudibleTimeAt,
  joinSpans,
  type SampleSpan,
} from './inaudible_spans.ts';
import type { PlayheadReport } from './inputs.ts';
import { moveQueue } from './on_queue_moved.ts';
import { correctOutcome, furthest } from './outcome/correct_outcome.ts';
import { followPath, learnPath } from './path/learn_path.ts';
import { advancePlayhead, beginPlayback } from './playback.ts';
import { advanceAll } from './queue/turn_queue.ts';
import type { Draft } from './state/draft.ts';
import type { RecentResponse, ResponseState, TimelineState } from './state/state.ts';

const STRENGTH: Readonly<Record<Evidence, number>> = { estimate: 0, transport: 1, device: 2 };

/** Of equal evidence, a measurement must tighten the bound by at least this to count as better. */
const LEAST_GAIN_MS = 1;

/**
 * Takes one playhead report. Each report states the whole position, so an old or repeated one changes nothing [LW2]. A
 * report that cannot be true is dropped and counted [LW1, LW9].
 */
export function takeReport(draft: Draft, said: PlayheadReport): void {
  const reason = refusalOf(draft.state, said, draft.atMs);
  if (reason !== undefined) {
    dropReports(draft, reason);
    return;
  }
  const report = asPresent(said, draft.state.inaudibleTimes, draft.atMs);
  const response = draft.response(report.responseId);
  if (response?.audio) {
    const { audio } = response;
    follow(draft, asPossible(withinTime(report, response, audio), audio), response);
  } else takeLateReport(draft, report);
}

/** No report will come of a response, which the estimate would otherwise wait for. It ends when those before it have [RS5]. */
export function giveUpReport(draft: Draft, id: ResponseId): void {
  const isNext = draft.state.playout[0] === id && !draft.response(id)?.cut;
  if (!isNext || !reportsAll(draft.state)) return;
  const { endedLeftAtMs } = draft.state;
  finishHeard(draft, id);
  // Some or all of it has not left, so what comes next need not wait for it.
  draft.patch({ endedLeftAtMs });
  const [nextId] = draft.state.playout;
  const next = nextId === undefined ? undefined : draft.response(nextId)?.audio;
  const fromMs = next && haveLeftAtMs(next, 0);
  if (fromMs === undefined) draft.patch({ bufferedUntilMs: draft.atMs });
  else if (fromMs > draft.atMs) moveQueue(draft, { fromMs, byMs: draft.atMs - fromMs });
}

/** Counts messages of a listener that were not used, and emits `report_dropped`. */
export function dropReports(draft: Draft, reason: ReportDropReason, count: number = 1): void {
  draft.patch({ droppedCount: draft.state.droppedCount + count });
  const { droppedCount } = draft.state;
  draft.emit({ type: 'report_dropped', reason, count, droppedCount });
}

function follow(draft: Draft, report: PlayheadReport, response: ResponseState): void {
  const { heardSamples, evidence, phase } = report;
  const { id } = response;
  const { path } = draft.state;
  if (heardSamples > 0) {
    settleEarlier(draft, report, response);
    const now = withoutGuess(draft, report, id);
    if (now?.playback.status === 'unheard') beginPlayback(draft, now, startOf(report));
    else if (now) refineLive(draft, report, now);
    const { positionAtMs: atMs, errorBoundMs } = report;
    const isExact = phase === 'ended';
    advancePlayhead(draft, id, { heardSamples, atMs, evidence, errorBoundMs, isExact });
    if (evidence !== 'estimate') {
      followPath(draft, id, { atMs, errorBoundMs });
      playLonger(draft, draft.state.path.delayMs - path.delayMs);
      const reported = furthest(draft.response(id)?.reported, report);
      draft.patchResponse(id, { reported });
    }
  }
  // A cut that came after the last sample cut nothing.
  finishIfComplete(draft, id);
  if (phase === 'cut' || (phase === 'ended' && isShort(draft, id))) stopped(draft, id, evidence);
}

/** The path takes longer than was thought at the cut, and so does what had left by then [PB10]. */
function playLonger(draft: Draft, byMs: number): void {
  if (byMs <= 0) return;
  for (const id of draft.state.playout) {
    const { cut } = draft.response(id) ?? {};
    if (cut?.leftUntilMs === undefined) continue;
    draft.patchResponse(id, { cut: { ...cut, stoppedAtMs: addMs(cut.stoppedAtMs, byMs) } });
  }
}

/**
 * A start that nobody was told of gives way to a better one: one that was only estimated to the first that is measured, and one that
 * was hardly known, as before the first answers to pings, to one that is.
 */
function withoutGuess(
  draft: Draft,
  report: PlayheadReport,
  id: ResponseId,
): ResponseState | undefined {
  const response = draft.response(id);
  if (response?.playback.status !== 'inaudible' || !response.audio) return response;
  const isGuess =
    response.playback.positionEvidence === 'estimate' && report.evidence !== 'estimate';
  const { start } = response.playback;
  const isVague = 2 * report.errorBoundMs <= start.errorBoundMs && isBetter(startOf(report), start);
  if ((isGuess || isVague) && isFirstStart(report, response.audio))
    draft.patchResponse(id, { playback: { status: 'unheard' }, inaudible: [] });
  return draft.response(id);
}

/** One that was cut together with what plays before it ends after that; any other ends now. */
function stopped(draft: Draft, id: ResponseId, evidence: Evidence): void {
  if (draft.response(id)?.cut) draft.patchResponse(id, { stopReported: evidence });
  else finishCut(draft, id, evidence);
}

/** Ends what its listener reported as stopped, once those that play before it have ended [RS5]. */
export function finishStopped(draft: Draft): void {
  for (;;) {
    const headId = draft.state.playout[0];
    const stopReported = headId === undefined ? undefined : draft.response(headId)?.stopReported;
    if (headId === undefined || stopReported === undefined) return;
    finishCut(draft, headId, stopReported);
    advanceAll(draft);
  }
}

/** Whether a listener that reports its end has heard less than was sent. Then it heard no more than it reports. */
function isShort(draft: Draft, id: ResponseId): boolean {
  const { audio, playback, cut } = draft.response(id) ?? {};
  if (cut) return true;
  const heardSamples = playback?.status === 'playing' ? playback.heardSamples : 0;
  return audio !== undefined && heardSamples < audio.sentSamples;
}

/**
 * Ends every response that plays before `later`, since a later response sounds: reports of their ends may be lost. What
 * was queued between them takes effect first [RS5, SQ1]. One that was cut together with `later` had been heard to its end.
 */
function settleEarlier(draft: Draft, report: PlayheadReport, later: ResponseState): void {
  const began = { atMs: report.startedAtMs, errorBoundMs: report.errorBoundMs };
  for (;;) {
    const headId = draft.state.playout[0];
    if (headId === undefined || headId === later.id) return;
    const head = draft.response(headId);
    const wasCutBefore = head?.cut && head.cut.atMs !== later.cut?.atMs;
    const endedFirst = head && mayHaveEndedBy(head, report.startedAtMs);
    if (head?.cut && (wasCutBefore || !endedFirst)) finishCutOnEstimate(draft, headId, began);
    else finishHeard(draft, headId, began);
    advanceAll(draft);
  }
}

function startOf({ startedAtMs, evidence, errorBoundMs }: PlayheadReport): HeardInstant {
  return { startedAtMs, evidence, errorBoundMs };
}

/**
 * Whether a measured start replaces the reported one: its evidence is stronger; or the evidence is equal, it lies within
 * the reported bound, its own bound is at least 1 ms tighter, and it moves the start by 1 ms or halves the bound [PB5].
 * A start outside the reported bound is another listener's: a later one changes nothing of what the first has heard.
 */
function isBetter(report: HeardInstant, before: HeardInstant): boolean {
  const stronger = STRENGTH[report.evidence] - STRENGTH[before.evidence];
  const laterMs = report.startedAtMs - before.startedAtMs;
  const isLater = laterMs > before.errorBoundMs + report.errorBoundMs;
  if (stronger !== 0) return stronger > 0 && !(isLater && before.evidence !== 'estimate');
  const apartMs = Math.abs(laterMs);
  const gainMs = before.errorBoundMs - report.errorBoundMs;
  if (gainMs < LEAST_GAIN_MS || apartMs > before.errorBoundMs) return false;
  return apartMs >= LEAST_GAIN_MS || report.errorBoundMs <= before.errorBoundMs / 2;
}

/** A better measurement of a start: an event of its own, never a second start [PB5]. */
function refineLive(draft: Draft, report: PlayheadReport, response: ResponseState): void {
  if (response.playback.status !== 'playing') return;
  const { start: before } = response.playback;
  const start = betterStart(draft.state, report, before, response);
  if (!start) return;
  const inaudible = withMutedBeginning(draft.state, report, response);
  draft.patchResponse(response.id, { inaudible, playback: { ...response.playback, start } });
  draft.emit({ type: 'response_playback_refined', ...response.ref, ...start, before });
  learnPath(draft, response, startOf(report), before);
}

/**
 * The start that a report measures, if that is better than what was told. It is known no better than the unmute just before it, and if
 * the first sample sounded while the listener was muted, it is that unmute [AU5].
 */
function betterStart(
  state: TimelineState,
  report: PlayheadReport,
  before: HeardInstant,
  { audio, playback, inaudible }: ResponseState,
): HeardInstant | undefined {
  // What was told as its start is when somebody could hear it, not when its first sample sounded.
  if (playback.status !== 'playing' || inaudible[0]?.fromSamples === 0) return undefined;
  if (!audio || !isFirstStart(report, audio)) return undefined;
  const said = startOf(report);
  const mute = muteAt(state, report.startedAtMs);
  if (mute && mute.toMs === undefined) return undefined;
  const start = mute?.toMs
    ? asAudible(
        { ...said, startedAtMs: mute.toMs },
        unmutedBefore(state, { ...said, startedAtMs: mute.toMs }),
      )
    : asAudible(said, playback.unmuted);
  return isBetter(start, before) ? start : undefined;
}

/** What nobody could hear, with a beginning that sounded in a mute by what is measured now, and was told as heard by the estimate. */
function withMutedBeginning(
  state: TimelineState,
  { startedAtMs }: PlayheadReport,
  { audio, inaudible }: ResponseState,
): readonly SampleSpan[] {
  const mute = muteAt(state, startedAtMs);
  if (!audio || mute?.toMs === undefined) return inaudible;
  const toSamples = msToSamples(mute.toMs - startedAtMs, audio.sampleRateHz);
  return joinSpans([{ why: 'muted', fromSamples: 0, toSamples: Math.ceil(toSamples) }], inaudible);
}

function muteAt({ inaudibleTimes }: TimelineState, atMs: AgentMs): InaudibleTime | undefined {
  return inaudibleTimeAt(
    inaudibleTimes.filter(({ why }) => why === 'muted'),
    atMs,
  );
}

/** A response that has ended: its start may be known better, and what was heard of it [PB5][PB19]. */
function takeLateReport(draft: Draft, report: PlayheadReport): void {
  const { responseId } = report;
  const find = (): RecentResponse | undefined =>
    draft.state.recent.find(({ ref }) => ref.responseId === responseId);
  const refined = find();
  if (refined) refineRecent(draft, report, refined);
  const recent = find();
  if (recent) correctOutcome(draft, recent, report);
}

function refineRecent(draft: Draft, said: PlayheadReport, recent: RecentResponse): void {
  const { ref, start: before, leftFromMs = said.startedAtMs, ended } = recent;
  if (!before || !ended || said.heardSamples <= 0) return;
  const report = { ...said, startedAtMs: laterOf(said.startedAtMs, leftFromMs) };
  const start = betterStart(draft.state, report, before, {
    ...ended.response,
    inaudible: ended.inaudible,
  });
  if (!start) return;
  draft.patch({
    recent: draft.state.recent.map((one) => (one === recent ? { ...recent, start } : one)),
  });
  draft.emit({ type: 'response_playback_refined', ...ref, ...start, before });
}
