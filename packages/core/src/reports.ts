import type { Draft } from './draft.ts';
import type { Evidence, ReportDropReason } from './events.ts';
import type { PlayheadReport } from './inputs.ts';
import { finishCut, finishHeard, moveTo, settleEarlier, startPlayback } from './playback.ts';

const STRENGTH: Readonly<Record<Evidence, number>> = { estimate: 0, transport: 1, device: 2 };

/**
 * Takes one playhead report. Reports are absolute, so an old or repeated one changes nothing [LW2]; one that cannot be
 * true is dropped and counted [LW1].
 */
export function takeReport(draft: Draft, report: PlayheadReport): void {
  const response = draft.response(report.responseId);
  if (!response) {
    refineRecent(draft, report);
    return;
  }
  const sentSamples = response.audio?.sentSamples ?? 0;
  if (report.heardSamples > sentSamples || report.heardSamples < 0) {
    drop(draft, 'out_of_range');
    return;
  }
  const { startedAtMs, evidence, errorBoundMs } = report;
  if (report.heardSamples > 0) {
    settleEarlier(draft, response.id);
    if (response.playback.status === 'unheard')
      startPlayback(draft, response, { startedAtMs, evidence, errorBoundMs });
    else refineLive(draft, report);
    moveTo(draft, response.id, {
      heardSamples: report.heardSamples,
      atMs: report.positionAtMs,
      evidence,
    });
  }
  const complete = response.audioEnded && report.heardSamples === sentSamples && sentSamples > 0;
  // A cut that came after the last sample cut nothing.
  if (complete && report.phase !== 'playing') finishHeard(draft, response.id, evidence);
  else if (report.phase === 'cut') finishCut(draft, response.id, evidence);
}

/** A better measurement of a start that stands on weaker evidence: an event of its own, never a second start [PB5]. */
function refineLive(draft: Draft, report: PlayheadReport): void {
  const response = draft.response(report.responseId);
  if (response?.playback.status !== 'playing') return;
  const before = response.playback.start;
  if (STRENGTH[report.evidence] <= STRENGTH[before.evidence]) return;
  const { startedAtMs, evidence, errorBoundMs } = report;
  const start = { startedAtMs, evidence, errorBoundMs };
  draft.patchResponse(response.id, { playback: { ...response.playback, start } });
  const { turnId, id, index, speechId, metadata } = response;
  draft.emit({
    type: 'response_playback_refined',
    turnId,
    responseId: id,
    index,
    ...(speechId === undefined ? {} : { speechId }),
    ...(metadata === undefined ? {} : { metadata }),
    ...start,
    before,
  });
}

function refineRecent(draft: Draft, report: PlayheadReport): void {
  const recent = draft.state.recent.find((one) => one.ref.responseId === report.responseId);
  if (!recent) {
    drop(draft, 'unknown_response');
    return;
  }
  if (report.heardSamples <= 0 || STRENGTH[report.evidence] <= STRENGTH[recent.start.evidence])
    return;
  const { startedAtMs, evidence, errorBoundMs } = report;
  const start = { startedAtMs, evidence, errorBoundMs };
  draft.patch({
    recent: draft.state.recent.map((one) => (one === recent ? { ...one, start } : one)),
  });
  draft.emit({ type: 'response_playback_refined', ...recent.ref, ...start, before: recent.start });
}

function drop(draft: Draft, reason: ReportDropReason): void {
  draft.patch({ droppedCount: draft.state.droppedCount + 1 });
  draft.emit({ type: 'report_dropped', reason, droppedCount: draft.state.droppedCount });
}
