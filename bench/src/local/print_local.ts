import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import { type ErrorRow, errorFigures } from '../shared/error_rows.ts';
import { cell, printFigures, printTable } from '../shared/print_table.ts';
import { type Summary, summarize } from '../shared/stats.ts';
import {
  countFigures,
  errorRows,
  exactShare,
  gapFigures,
  gapsMs,
  type WordRow,
  wordFigures,
  wordRows,
} from './figures.ts';
import type { Score } from './score.ts';

/** Default delay of `LocalDevice` from taking a block to its sound, ms. */
const CARD_LATENCY_MS = 20;

/** The results of a run of the benchmark. */
export interface LocalResults {
  readonly oncue: Score;
  readonly stock: Score;
  /** Delay from giving a frame to a native source until the tap delivers it. */
  readonly tap: Summary;
  /** How late the blocks of the tap reached this process. */
  readonly tapDeliveryP95Ms: number;
  /** Blocks that the local device rendered after the instant at which they are said to have sounded. */
  readonly lateBlockCount: number;
  /** Delay of this process's event loop: no event can be more punctual. */
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  /** How late the very first event of the process was, which is not in the rows. */
  readonly firstEventErrorMs: number;
}

export function printLocal(results: LocalResults): void {
  const { oncue, stock, tap } = results;
  const rows = errorRows(oncue, stock, CARD_LATENCY_MS);
  const words = wordRows(oncue, stock);
  const gaps = { oncue: gapsMs(oncue, SAMPLE_RATE_HZ), stock: gapsMs(stock, SAMPLE_RATE_HZ) };
  printErrors(rows);
  printCounts(oncue, stock);
  printGaps(gaps);
  printWords(words);
  printNotes(results);
  printFigures('local', {
    ...Object.assign({}, ...rows.map(errorFigures)),
    ...countFigures('oncue', oncue),
    ...countFigures('stock', stock),
    ...gapFigures('oncue', gaps.oncue, SAMPLE_RATE_HZ),
    ...gapFigures('stock', gaps.stock, SAMPLE_RATE_HZ),
    ...wordFigures(words),
    cuts_count: oncue.cuts.length,
    tap_delay_min_ms: tap.min,
    tap_delay_max_ms: tap.max,
    tap_delivery_p95_ms: results.tapDeliveryP95Ms,
    local_device_late_blocks_count: results.lateBlockCount,
    event_loop_delay_p99_ms: results.loopDelayP99Ms,
    event_loop_delay_max_ms: results.loopDelayMaxMs,
    oncue_first_event_of_process_error_ms: results.firstEventErrorMs,
  });
}

function printNotes(results: LocalResults): void {
  const { tap, tapDeliveryP95Ms, lateBlockCount, loopDelayP99Ms, loopDelayMaxMs } = results;
  console.log(`
  Truth: the samples that were rendered, searched afterwards for the known samples of each response.
  Oncue: what the local device rendered. LiveKit alone: what its AudioSource gave to its track, where an
  encoder would take it. With a real listener, network, jitter buffer and device make its events earlier
  still. "If the same card followed" adds the ${CARD_LATENCY_MS} ms of the local device and nothing else.
  The tap adds at most ${cell(tap.min)} ms; its blocks reach this process ${cell(tapDeliveryP95Ms)} ms late at p95 and are dated
  by the earliest of the next. Blocks that the local device rendered too late: ${lateBlockCount}.
  Event loop of this process: ${cell(loopDelayP99Ms)} ms at p99, ${cell(loopDelayMaxMs)} ms at worst; no event can be more punctual.
  The first event of the process, while code is still being compiled, is not in the rows: ${cell(results.firstEventErrorMs)} ms.
`);
}

function printErrors(rows: readonly ErrorRow[]): void {
  const lineOf = ({ label, errorsMs }: ErrorRow): string[] => {
    const signed = summarize(errorsMs);
    const absolute = summarize(errorsMs.map(Math.abs));
    const figures = [signed.median, signed.min, signed.max, absolute.p95, absolute.max];
    return [label, String(signed.count), ...figures.map((value) => cell(value, 2))];
  };
  const columns = ['', 'n', 'median', 'earliest', 'latest', '|p95|', '|worst|'];
  const of = (side: string): readonly ErrorRow[] =>
    rows.filter(({ name }) => name.startsWith(side));
  printTable('Oncue: reported minus true first sample, ms', columns, of('oncue').map(lineOf));
  printTable(
    'LiveKit alone: reported minus true first sample, ms',
    columns,
    of('stock').map(lineOf),
  );
}

function printCounts(oncue: Score, stock: Score): void {
  const lineOf = (label: string, count: (score: Score) => number): string[] => [
    label,
    String(count(oncue)),
    String(count(stock)),
  ];
  printTable(
    'Starts, all trials',
    ['', 'Oncue', 'LiveKit alone'],
    [
      lineOf('responses heard', (score) => score.heard.length),
      lineOf('starts missing', (score) => score.missingCount),
      lineOf('starts reported twice', (score) => score.twiceCount),
      lineOf('false starts', (score) => score.falseCount),
      lineOf('times the handler saw speaking', (score) => score.speakingCount),
      lineOf('samples that match no known speech', (score) => score.unexplainedSamples),
    ],
  );
}

function printGaps(gaps: Record<'oncue' | 'stock', ReturnType<typeof gapsMs>>): void {
  const lineOf = (label: string, gapMs: readonly number[]): string[] => {
    const { count, median, p95, max } = summarize(gapMs);
    return [label, String(count), ...[median, p95, max].map((value) => cell(value, 2))];
  };
  printTable(
    'Silence between two responses of a turn, ms',
    ['', 'n', 'median', 'p95', 'max'],
    [
      lineOf('Oncue: second synthesised before the first ended', gaps.oncue.ready),
      lineOf('  all', gaps.oncue.all),
      lineOf('LiveKit alone: second synthesised before the first ended', gaps.stock.ready),
      lineOf('  all', gaps.stock.all),
    ],
  );
}

function printWords(rows: readonly WordRow[]): void {
  printTable(
    'After cuts, against the words that were heard to their end',
    ['', 'n', 'exact', 'most words off'],
    rows.map((row) => [
      row.label,
      String(row.offWords.length),
      `${cell(exactShare(row) * 100, 0)} %`,
      String(Math.max(...row.offWords)),
    ]),
  );
}
