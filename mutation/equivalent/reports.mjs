const EXISTS = 'a response of the playout is there, and has audio';
const ENDED = 'what has ended is kept only with its audio';

/** @type {(file: string) => (line: string, from: string, to: string, why: string) => import('../equivalent.d.ts').EquivalentMutant} */
const of = (file) => (line, from, to, why) => ({
  file: `packages/core/src/step/${file}`,
  line,
  from,
  to,
  why,
});
const onReport = of('on_report.ts');
const perhaps = of('outcome/perhaps_heard.ts');
const endedAudio = of('claims/ended_audio.ts');

/**
 * Of reports and of what may have been heard without one: see `EQUIVALENT_MUTANTS`.
 *
 * @type {readonly import('../equivalent.d.ts').EquivalentMutant[]}
 */
export const OF_REPORTS = [
  onReport(
    'const next = nextId === undefined ? undefined : draft.response(nextId)?.audio;',
    'nextId === undefined',
    'false',
    'no response has an id that is undefined',
  ),
  onReport(
    'const next = nextId === undefined ? undefined : draft.response(nextId)?.audio;',
    'draft.response(nextId)?.audio',
    'draft.response(nextId).audio',
    EXISTS,
  ),
  onReport(
    "if (now?.playback.status === 'unheard') beginPlayback(draft, now, startOf(report));",
    'now?.playback',
    'now.playback',
    EXISTS,
  ),
  onReport('else if (now) refineLive(draft, report, now);', 'now', 'true', EXISTS),
  onReport(
    'const reported = furthest(draft.response(id)?.reported, report);',
    'draft.response(id)?.reported',
    'draft.response(id).reported',
    EXISTS,
  ),
  onReport(
    "if (response?.playback.status !== 'inaudible' || !response.audio) return response;",
    'response?.playback',
    'response.playback',
    EXISTS,
  ),
  onReport(
    'const stopReported = headId === undefined ? undefined : draft.response(headId)?.stopReported;',
    'headId === undefined',
    'false',
    'no response has an id that is undefined',
  ),
  onReport(
    'const stopReported = headId === undefined ? undefined : draft.response(headId)?.stopReported;',
    'draft.response(headId)?.stopReported',
    'draft.response(headId).stopReported',
    EXISTS,
  ),
  onReport(
    'if (headId === undefined || stopReported === undefined) return;',
    'headId === undefined',
    'false',
    'then nothing was reported of it either',
  ),
  onReport(
    'if (headId === undefined || headId === later.id) return;',
    'headId === undefined',
    'false',
    'the response that sounds is in the playout, so the loop comes to it',
  ),
  onReport(
    'const wasCutBefore = head?.cut && head.cut.atMs !== later.cut?.atMs;',
    'head?.cut',
    'head.cut',
    EXISTS,
  ),
  onReport(
    'if (head?.cut && (wasCutBefore || !endedFirst)) finishCutOnEstimate(draft, headId, began);',
    'head?.cut',
    'head.cut',
    EXISTS,
  ),
  onReport(
    'if (refined) refineRecent(draft, report, refined);',
    'refined',
    'true',
    'a report of a response that is not known was refused before',
  ),
  perhaps(
    "if (atMs === undefined || inaudibleAt(inaudibleTimes, atMs) !== 'silent') return 0;",
    'atMs === undefined',
    'false',
    'no time holds an instant that is none',
  ),
  perhaps(
    'if (!audio || leftToGone === undefined) continue;',
    '!audio || leftToGone === undefined',
    'false',
    EXISTS,
  ),
  perhaps(
    'if (!audio || leftToGone === undefined) continue;',
    '!audio || leftToGone === undefined',
    '!audio && leftToGone === undefined',
    EXISTS,
  ),
  perhaps(
    'if (!audio || leftToGone === undefined) continue;',
    'leftToGone === undefined',
    'false',
    EXISTS,
  ),
  perhaps(
    'if (!ended || !audio || ended.perhapsSamples === undefined) return undefined;',
    '!ended || !audio',
    '!ended && !audio',
    ENDED,
  ),
  perhaps('if (!heard) return undefined;', '!heard', 'false', ENDED),
  endedAudio(
    'if (!ended || !audio || ended.leftUntilMs !== undefined) return one;',
    '!ended || !audio',
    '!ended && !audio',
    ENDED,
  ),
];
