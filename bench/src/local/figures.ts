import { type ErrorRow, errorsOf, WORKAROUND_MS } from '../shared/error_rows.ts';
import { summarize } from '../shared/stats.ts';
import { wrongWordCount } from '../shared/words.ts';
import type { Cut, Heard, Score } from './score.ts';

type Pick = (heard: Heard) => number | undefined;

const fired: Pick = (one) => one.start?.firedAtMs;

/** The rows, for both sides. Trials with a cut are left out: they are about text. */
export function errorRows(oncue: Score, stock: Score, cardLatencyMs: number): ErrorRow[] {
  const ours = oncue.heard.filter((one) => !one.isCut);
  const theirs = stock.heard.filter((one) => !one.isCut);
  const at = (heard: readonly Heard[], place: Heard['place']): Heard[] =>
    heard.filter((one) => one.place === place);
  const row = (name: string, label: string, heard: readonly Heard[], pick: Pick): ErrorRow => ({
    name,
    label,
    errorsMs: errorsOf(heard, pick),
  });
  const shifted = (name: string, label: string, byMs: number): ErrorRow => ({
    name,
    label,
    errorsMs: errorsOf(theirs, fired).map((errorMs) => errorMs + byMs),
  });
  return [
    row('oncue_started_at', 'startedAtMs', ours, (one) => one.start?.startedAtMs),
    row('oncue_event', 'event fires', ours, fired),
    row('oncue_event_after_silence', '  after silence', at(ours, 'after_silence'), fired),
    row('oncue_event_behind_another', '  after another', at(ours, 'after_another'), fired),
    row('oncue_task', 'task starts', ours, (one) => one.task?.firedAtMs),
    row('oncue_speaking', 'handler sees speaking', ours, (one) => one.speaking?.firedAtMs),
    row('stock_event', 'playbackStarted', theirs, fired),
    row('stock_event_after_silence', '  after silence', at(theirs, 'after_silence'), fired),
    row('stock_event_behind_another', '  after another', at(theirs, 'after_another'), fired),
    shifted('stock_event_plus_80', '  plus 80 ms', WORKAROUND_MS),
    shifted('stock_event_with_card', '  if the same card followed', -cardLatencyMs),
    shifted('stock_event_with_card_plus_80', '  … plus 80 ms', WORKAROUND_MS - cardLatencyMs),
    row('stock_speaking', 'handler sees speaking', theirs, (one) => one.speaking?.firedAtMs),
  ];
}

/** Silence between responses of a turn: of those whose second was synthesised before the first had ended, and of all. */
export function gapsMs(
  score: Score,
  rateHz: number,
): { readonly ready: readonly number[]; readonly all: readonly number[] } {
  const inMs = (heard: readonly Heard[]): number[] =>
    heard.flatMap(({ gapSamples }) =>
      gapSamples === undefined ? [] : [(gapSamples * 1000) / rateHz],
    );
  return { ready: inMs(score.heard.filter((one) => one.wasReady)), all: inMs(score.heard) };
}

/** How a text of the cuts compares with what was heard. */
export interface WordRow {
  readonly name: string;
  readonly label: string;
  readonly offWords: readonly number[];
}

export function wordRows(oncue: Score, stock: Score): WordRow[] {
  const off = (cuts: readonly Cut[], pick: (cut: Cut) => readonly string[]): number[] =>
    cuts.map((cut) => wrongWordCount(cut.truth, pick(cut)));
  return [
    {
      name: 'oncue_heard_text',
      label: 'Oncue: heardText',
      offWords: off(oncue.cuts, (cut) => cut.reported),
    },
    {
      name: 'oncue_message',
      label: 'Oncue: message in the chat context',
      offWords: off(oncue.cuts, (cut) => cut.kept),
    },
    {
      name: 'stock_message',
      label: 'LiveKit alone: message in the chat context',
      offWords: off(stock.cuts, (cut) => cut.kept),
    },
  ];
}

export function exactShare(row: WordRow): number {
  return row.offWords.filter((words) => words === 0).length / row.offWords.length;
}

export function countFigures(side: string, score: Score): Record<string, number> {
  return {
    [`${side}_responses_heard_count`]: score.heard.length,
    [`${side}_start_missing_count`]: score.missingCount,
    [`${side}_start_twice_count`]: score.twiceCount,
    [`${side}_start_false_count`]: score.falseCount,
    [`${side}_speaking_count`]: score.speakingCount,
    [`${side}_wrong_speech_count`]: score.wrongSpeechCount,
    [`${side}_unexplained_samples`]: score.unexplainedSamples,
  };
}

export function gapFigures(
  side: string,
  gaps: { readonly ready: readonly number[]; readonly all: readonly number[] },
  rateHz: number,
): Record<string, number> {
  const ready = summarize(gaps.ready);
  const all = summarize(gaps.all);
  return {
    [`${side}_gap_ready_count`]: ready.count,
    [`${side}_gap_median_ms`]: ready.median,
    [`${side}_gap_p95_ms`]: ready.p95,
    [`${side}_gap_max_ms`]: ready.max,
    [`${side}_gap_max_samples`]: (ready.max * rateHz) / 1000,
    [`${side}_gap_all_count`]: all.count,
    [`${side}_gap_all_median_ms`]: all.median,
    [`${side}_gap_all_p95_ms`]: all.p95,
    [`${side}_gap_all_max_ms`]: all.max,
  };
}

export function wordFigures(rows: readonly WordRow[]): Record<string, number> {
  return Object.fromEntries(
    rows.flatMap((row) => [
      [`${row.name}_exact_share`, exactShare(row)],
      [`${row.name}_worst_words`, Math.max(...row.offWords)],
    ]),
  );
}
