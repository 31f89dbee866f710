import type { Evidence, HeardInstant, ReportDropReason } from '../events.ts';
import { type AgentMs, addMs } from '../units.ts';
import { finishCut, finishCutOnEstimate, finishHeard, finishIfComplete } from './finish.ts';
import type { PlayheadReport } from './inputs.ts';
import { advancePlayhead, followPath, learnPath, startPlayback } from './playback.ts';
import type { Draft } from './state/draft.ts';
import type { ResponseState } from './state/state.ts';
import { advanceAll } from './turn_queue.ts';

const STRENGTH: Readonly<Record<Evidence, number>> = { estimate: 0, transport: 1, device: 2 };

/** A page may report a sample when it leaves the worklet, that is ahead of the ear by its output latency. */
const MAX_AHEAD_MS = 1000;

/** A measurement of the same kind refines only what it puts right, and makes more certain, by so much. */
const LEAST_GAIN_MS = 1;

/** An instant known no better than this, after a round trip of some 20 s, says nothing. */
const MAX_ERROR_BOUND_MS = 10_000;

/**
 * Takes one playhead report. Reports are absolute, so an old or repeated one changes nothing [LW2]; one that cannot be
 * true is dropped and counted [LW1].
 */
export function takeReport(draft: Draft, report: PlayheadReport): void {
  if (!isInTime(report, draft.atMs)) {
    drop(draft, 'out_of_range');
    return;
  }
  const response = draft.response(report.responseId);
  if (!response) refineRecent(draft, report);
  else if (isPossible(report, response)) follow(draft, report, response);
  else drop(draft, 'out_of_range');
}

function isInTime(report: PlayheadReport, nowMs: AgentMs): boolean {
  const { startedAtMs, positionAtMs, errorBoundMs } = report;
  if (!(errorBoundMs >= 0 && errorBoundMs <= MAX_ERROR_BOUND_MS)) return false;
  return startedAtMs <= positionAtMs && positionAtMs <= addMs(nowMs, errorBoundMs + MAX_AHEAD_MS);
}

/** Nothing can have been heard that was not sent, or before it was. */
function isPossible(report: PlayheadReport, { audio }: ResponseState): boolean {
  if (!audio || !(report.heardSamples >= 0 && report.heardSamples <= audio.sentSamples)) {
    return false;
  }
  return addMs(report.startedAtMs, report.errorBoundMs) >= audio.sentFromMs;
}

function follow(draft: Draft, report: PlayheadReport, response: ResponseState): void {
  const { heardSamples, evidence, phase } = report;
  const { id } = response;
  if (heardSamples > 0) {
    settleEarlier(draft, report, response);
    const now = draft.response(id);
    if (now?.playback.status === 'unheard') startPlayback(draft, now, startOf(report));
    else if (now) refineLive(draft, report, now);
    const { positionAtMs: atMs, errorBoundMs } = report;
    const isExact = phase === 'ended';
    advancePlayhead(draft, id, { heardSamples, atMs, evidence, errorBoundMs, isExact });
    if (evidence !== 'estimate') followPath(draft, id, report.positionAtMs);
  }
  // A cut that came after the last sample cut nothing.
  finishIfComplete(draft, id);
  if (phase === 'cut') finishCut(draft, id, evidence);
}

/**
 * A later response sounds, so everything that plays before it is over, whatever reports of it were lost; what was
 * queued between takes effect first [RS5, SQ1]. One that was cut together with it had been heard to its end.
 */
function settleEarlier(draft: Draft, report: PlayheadReport, later: ResponseState): void {
  for (;;) {
    const headId = draft.state.playout[0];
    if (headId === undefined || headId === later.id) return;
    const cut = draft.response(headId)?.cut;
    if (cut && cut.atMs !== later.cut?.atMs) finishCutOnEstimate(draft, headId);
    else finishHeard(draft, headId, report.startedAtMs);
    advanceAll(draft);
  }
}

function startOf({ startedAtMs, evidence, errorBoundMs }: PlayheadReport): HeardInstant {
  return { startedAtMs, evidence, errorBoundMs };
}

/**
 * On stronger evidence; or on the same within the bound that was told, when it is more certain and says something else, or
 * twice as certain. What lies beyond that bound is another listener's.
 */
function isBetter(report: HeardInstant, before: HeardInstant): boolean {
  const stronger = STRENGTH[report.evidence] - STRENGTH[before.evidence];
  if (stronger !== 0) return stronger > 0;
  const apartMs = Math.abs(report.startedAtMs - before.startedAtMs);
  const gainMs = before.errorBoundMs - report.errorBoundMs;
  if (gainMs < LEAST_GAIN_MS || apartMs > before.errorBoundMs) return false;
  return apartMs >= LEAST_GAIN_MS || report.errorBoundMs <= before.errorBoundMs / 2;
}

/** A better measurement of a start: an event of its own, never a second start [PB5]. */
function refineLive(draft: Draft, report: PlayheadReport, response: ResponseState): void {
  if (response.playback.status !== 'playing') return;
  const { start: before } = response.playback;
  if (!isBetter(report, before)) return;
  const start = startOf(report);
  draft.patchResponse(response.id, { playback: { ...response.playback, start } });
  draft.emit({ type: 'response_playback_refined', ...response.ref, ...start, before });
  learnPath(draft, response, start, before);
}

function refineRecent(draft: Draft, report: PlayheadReport): void {
  const recent = draft.state.recent.find((one) => one.ref.responseId === report.responseId);
  if (!recent) {
    drop(draft, 'unknown_response');
    return;
  }
  const { ref, start: before } = recent;
  if (!before || report.heardSamples <= 0) return;
  if (!isBetter(report, before)) return;
  const start = startOf(report);
  draft.patch({
    recent: draft.state.recent.map((one) => (one === recent ? { ref, start } : one)),
  });
  draft.emit({ type: 'response_playback_refined', ...ref, ...start, before });
}

function drop(draft: Draft, reason: ReportDropReason): void {
  draft.patch({ droppedCount: draft.state.droppedCount + 1 });
  draft.emit({ type: 'report_dropped', reason, droppedCount: draft.state.droppedCount });
}
