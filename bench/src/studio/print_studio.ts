import { type ErrorRow, errorFigures, errorsOf, WORKAROUND_MS } from '../shared/error_rows.ts';
import type { ClockCheck } from '../shared/machine_clock.ts';
import { cell, printFigures, printTable } from '../shared/print_table.ts';
import { type Summary, summarize } from '../shared/stats.ts';
import type { MainThread } from './main_thread.ts';
import type { PageCost } from './page_cost.ts';
import type { PageRecording } from './page_recording.ts';
import type { Cut, Heard, Score } from './score.ts';

/** The results of a run of the benchmark. */
export interface StudioResults {
  readonly score: Score;
  readonly cost: PageCost;
  readonly clock: ClockCheck;
  readonly recording: PageRecording;
  readonly firstVisitMs: readonly number[];
  readonly droppedReportCount: number;
  /** How late timers of the page fired: its reports wait for them. */
  readonly pageTimersLateMs: readonly number[];
  readonly mainThread: MainThread;
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  /** Of the machine, at the end of the run. */
  readonly load: number;
}

export function printStudio(results: StudioResults): void {
  const rows = errorRows(results.score);
  printErrors(rows);
  printCounts(results);
  printCuts(results.score);
  printPage(results);
  printNotes(results);
  printFigures('studio', figuresOf(results, rows));
}

function errorRows({ heard }: Score): readonly ErrorRow[] {
  // Trials with a cut are about cuts.
  const whole = heard.filter((one) => !one.isCut);
  const row = (
    name: string,
    label: string,
    pick: (one: Heard) => number | undefined,
    of: readonly Heard[] = whole,
  ): ErrorRow => ({
    name,
    label,
    errorsMs: errorsOf(of, pick),
  });
  const afterAnother = whole.filter(({ place }) => place === 'after_another');
  const silence = whole.filter(({ place }) => place === 'after_silence');
  const handedOver = (byMs: number) => (one: Heard) =>
    one.handedOverAtMs === undefined ? undefined : one.handedOverAtMs + byMs;
  return [
    row('started_at', 'startedAtMs', (one) => one.startedAtMs),
    row('started_at_after_silence', '  after silence', (one) => one.startedAtMs, silence),
    row('started_at_behind_another', '  after another', (one) => one.startedAtMs, afterAnother),
    row('page_reports', 'the page reports to the agent', (one) => one.reportedAtMs),
    row('page_reports_after_silence', '  after silence', (one) => one.reportedAtMs, silence),
    row('event', 'event fires', (one) => one.eventAtMs),
    row('task', 'task starts', (one) => one.taskAtMs),
    row('task_after_silence', '  after silence', (one) => one.taskAtMs, silence),
    row('task_behind_another', '  after another', (one) => one.taskAtMs, afterAnother),
    row('stock_event', "LiveKit's own event (first frame handed over)", handedOver(0)),
    row('stock_event_after_silence', '  after silence', handedOver(0), silence),
    row('stock_event_plus_80', '  plus 80 ms, all', handedOver(WORKAROUND_MS)),
    row(
      'stock_event_after_silence_plus_80',
      '  plus 80 ms, after silence',
      handedOver(WORKAROUND_MS),
      silence,
    ),
  ];
}

function printErrors(rows: readonly ErrorRow[]): void {
  printTable(
    'Reported minus true first sample at the ear, ms',
    ['', 'n', 'median', 'earliest', 'latest', '|median|', '|p95|', '|worst|'],
    rows.map(({ label, errorsMs }) => {
      const signed = summarize(errorsMs);
      const absolute = summarize(errorsMs.map(Math.abs));
      const figures = [signed.median, signed.min, signed.max];
      const sizes = [absolute.median, absolute.p95, absolute.max];
      return [
        label,
        String(signed.count),
        ...[...figures, ...sizes].map((value) => cell(value, 2)),
      ];
    }),
  );
}

function printCounts({ score, recording, droppedReportCount }: StudioResults): void {
  const gaps = gapsOf(score);
  const { outputDry } = recording;
  printTable(
    'Responses, cut ones included',
    ['', ''],
    [
      ['heard', String(score.heard.length)],
      ['starts missing', String(score.missingCount)],
      ['starts reported twice', String(score.twiceCount)],
      ['false starts', String(score.falseCount)],
      ['wrong speech', String(score.wrongSpeechCount)],
      ['samples that match no known speech', String(score.unexplainedSamples)],
      ['breaks inside a response', String(breaksOf(score))],
      ['output underruns', outputDry ? `${outputDry.count}` : 'not counted'],
      ['  ms in all', outputDry ? cell(outputDry.ms) : ''],
      ['reports dropped', String(droppedReportCount)],
      ['ready responses after another', String(gaps.length)],
      ['  widest gap, samples', cell(summarize(gaps).max, 0)],
    ],
  );
}

function printCuts({ cuts }: Score): void {
  const row = (label: string, valuesMs: readonly number[]): string[] => {
    const { count, median, p95, max } = summarize(valuesMs);
    return [label, String(count), ...[median, p95, max].map((value) => cell(value))];
  };
  printTable(
    'Cuts, ms',
    ['', 'n', 'median', 'p95', 'worst'],
    [
      row(
        'from the call to silence at the ear',
        cuts.map((cut) => cut.silenceAfterMs),
      ),
      row(
        "  until LiveKit's pipeline stops its output",
        cuts.map((cut) => cut.pipelineMs),
      ),
      row(
        '  from there until the page gets the clear',
        cuts.map((cut) => cut.toPageMs),
      ),
      row('  from there until silence', cuts.map(pageToSilenceMs)),
    ],
  );
  printTable(
    'heardText, against the words that were heard to their end',
    ['', 'n', 'exact', 'most words off'],
    [['', String(cuts.length), `${cell(exactShare(cuts) * 100, 0)} %`, String(mostWordsOff(cuts))]],
  );
}

/** Includes what the output had taken by then and cannot give back. */
function pageToSilenceMs({ silenceAfterMs, pipelineMs, toPageMs }: Cut): number {
  return silenceAfterMs - pipelineMs - toPageMs;
}

function printPage({ cost, firstVisitMs }: StudioResults): void {
  const visits = summarize(firstVisitMs);
  const share = (100 * cost.blockMicros) / cost.blockBudgetMicros;
  printTable(
    'Page',
    ['', ''],
    [
      [`first visit, click to sound, median of ${visits.count}`, `${cell(visits.median, 0)} ms`],
      ['  worst', `${cell(visits.max, 0)} ms`],
      ['scripts, gzip', `${cell(cost.scriptGzipBytes / 1000)} kB`],
      ['style, gzip', `${cell(cost.styleGzipBytes / 1000)} kB`],
      ['worklet, a block at 48 kHz', `${cell(cost.blockMicros)} µs`],
      ['  of its time', `${cell(share, 2)} %`],
      ['  an empty worklet', `${cell(cost.emptyBlockMicros)} µs`],
    ],
  );
}

function printNotes(results: StudioResults): void {
  const { clock, recording, mainThread, loopDelayP99Ms, loopDelayMaxMs, load } = results;
  const timers = summarize(results.pageTimersLateMs);
  const { first, last } = quartersOf(results.pageTimersLateMs);
  const scatter = summarize(recording.readingScatterMs());
  const latency = summarize(recording.renderToSoundMs());
  console.log(`
  Truth: the samples that the page's audio graph gave to its output, recorded before the output and searched afterwards
  for the known samples of each response; dated by the output's own clock (getOutputTimestamp), read before and after each
  sample: readings differ by ${cell(scatter.median, 2)} ms from their neighbours (p95 ${cell(scatter.p95, 2)}, worst ${cell(scatter.max, 2)}). From a block being rendered to
  its sound it takes ${cell(latency.median)} ms (p95 ${cell(latency.p95)}) by that clock. What the device adds after
  that is not covered: over Bluetooth it can be 250 ms.
  Page and agent use the machine's clock. Measured by round trips they are ${cell(clock.offsetMs, 2)} ms apart, within ±${cell(clock.boundMs, 2)} ms.
  LiveKit's own event: the instant at which the first frame of a response was given to the output. A ready response is
  given to it ahead of time, so only those after silence can be compared.
  Timers of the page come late by ${cell(timers.median)} ms (p95 ${cell(timers.p95)}, worst ${cell(timers.max)}; p95 ${cell(first.p95)} in the first quarter
  of the run, ${cell(last.p95)} in the last). Its main thread is busy ${cell(mainThread.busyPercent)} % of the time:
  ${cell(mainThread.scriptPercent)} % script, ${cell(mainThread.layoutPercent)} % style and layout, the rest painting and the browser's own.
  Event loop of the agent: ${cell(loopDelayP99Ms)} ms at p99, ${cell(loopDelayMaxMs)} ms at worst. Load of the machine: ${cell(load)}.
`);
}

function figuresOf(results: StudioResults, rows: readonly ErrorRow[]): Record<string, number> {
  const { score, cost, clock, recording, firstVisitMs, load } = results;
  const gaps = summarize(gapsOf(score));
  const silence = summarize(score.cuts.map((cut) => cut.silenceAfterMs));
  const visits = summarize(firstVisitMs);
  return {
    ...Object.assign({}, ...rows.map(rowFigures)),
    responses_heard_count: score.heard.length,
    start_missing_count: score.missingCount,
    start_twice_count: score.twiceCount,
    start_false_count: score.falseCount,
    wrong_speech_count: score.wrongSpeechCount,
    unexplained_samples: score.unexplainedSamples,
    breaks_count: breaksOf(score),
    output_dry_count: recording.outputDry?.count ?? Number.NaN,
    output_dry_ms: recording.outputDry?.ms ?? Number.NaN,
    reports_dropped_count: results.droppedReportCount,
    gap_ready_count: gaps.count,
    gap_max_samples: gaps.max,
    outside_error_bound_count: outsideBound(score),
    cuts_count: silence.count,
    cut_to_silence_median_ms: silence.median,
    cut_to_silence_p95_ms: silence.p95,
    cut_to_silence_worst_ms: silence.max,
    cut_pipeline_p95_ms: summarize(score.cuts.map((cut) => cut.pipelineMs)).p95,
    cut_to_page_p95_ms: summarize(score.cuts.map((cut) => cut.toPageMs)).p95,
    cut_page_to_silence_p95_ms: summarize(score.cuts.map(pageToSilenceMs)).p95,
    heard_text_exact_share: exactShare(score.cuts),
    heard_text_worst_words: mostWordsOff(score.cuts),
    first_visit_median_ms: visits.median,
    first_visit_worst_ms: visits.max,
    page_script_gzip_bytes: cost.scriptGzipBytes,
    page_style_gzip_bytes: cost.styleGzipBytes,
    worklet_block_us: cost.blockMicros,
    worklet_empty_block_us: cost.emptyBlockMicros,
    worklet_budget_percent: (100 * cost.blockMicros) / cost.blockBudgetMicros,
    output_latency_median_ms: summarize(recording.renderToSoundMs()).median,
    reading_scatter_p95_ms: summarize(recording.readingScatterMs()).p95,
    clock_offset_ms: clock.offsetMs,
    clock_offset_bound_ms: clock.boundMs,
    page_main_thread_busy_percent: results.mainThread.busyPercent,
    page_main_thread_script_percent: results.mainThread.scriptPercent,
    page_main_thread_layout_percent: results.mainThread.layoutPercent,
    page_timers_late_median_ms: summarize(results.pageTimersLateMs).median,
    page_timers_late_p95_ms: summarize(results.pageTimersLateMs).p95,
    page_timers_late_first_quarter_p95_ms: quartersOf(results.pageTimersLateMs).first.p95,
    page_timers_late_last_quarter_p95_ms: quartersOf(results.pageTimersLateMs).last.p95,
    page_timers_late_worst_ms: summarize(results.pageTimersLateMs).max,
    event_loop_delay_p99_ms: results.loopDelayP99Ms,
    event_loop_delay_max_ms: results.loopDelayMaxMs,
    load_average: load,
  };
}

function rowFigures(row: ErrorRow): Record<string, number> {
  return { [`${row.name}_error_count`]: row.errorsMs.length, ...errorFigures(row) };
}

function quartersOf(values: readonly number[]): {
  readonly first: Summary;
  readonly last: Summary;
} {
  const quarter = Math.ceil(values.length / 4);
  return { first: summarize(values.slice(0, quarter)), last: summarize(values.slice(-quarter)) };
}

function gapsOf({ heard }: Score): number[] {
  return heard.flatMap(({ gapSamples }) => (gapSamples === undefined ? [] : [gapSamples]));
}

function breaksOf({ heard }: Score): number {
  return heard.reduce((sum, { breakCount }) => sum + breakCount, 0);
}

/** Starts whose true instant is outside of their error bound. */
function outsideBound({ heard }: Score): number {
  return heard.filter(
    ({ startedAtMs = Number.NaN, truthMs, errorBoundMs = 0 }) =>
      Math.abs(startedAtMs - truthMs) > errorBoundMs,
  ).length;
}

function exactShare(cuts: Score['cuts']): number {
  return cuts.filter((cut) => cut.wordsOff === 0).length / cuts.length;
}

function mostWordsOff(cuts: Score['cuts']): number {
  return Math.max(...cuts.map((cut) => cut.wordsOff));
}
