import { type ErrorRow, errorFigures, errorsOf, WORKAROUND_MS } from '../../shared/error_rows.ts';
import { summarize } from '../../shared/stats.ts';
import type { Gap, NetworkScore, OncueHeard } from '../score.ts';

/** One method on one network: reported minus true, in ms; negative is early. */
export interface NetworkErrorRow extends ErrorRow {
  /** For instants with an error bound: how many are within it. */
  readonly withinBoundCount?: number;
}

export function errorRows(score: NetworkScore): NetworkErrorRow[] {
  const stock = errorsOf(score.stock, ({ startedAtMs }) => startedAtMs);
  const device = score.oncue.filter(({ final }) => final?.evidence === 'device');
  return [
    { name: 'stock', label: 'LiveKit alone: playbackStarted', errorsMs: stock },
    {
      name: 'stock_plus_80',
      label: '  plus 80 ms',
      errorsMs: stock.map((errorMs) => errorMs + WORKAROUND_MS),
    },
    bounded('device', 'Oncue: startedAtMs, device', device, ({ final }) => final),
    bounded('first', '  as first reported', score.oncue, ({ confirmed }) => confirmed),
    bounded('final', '  whatever the evidence', score.oncue, ({ final }) => final),
    {
      name: 'time_to_heard',
      label: '@oncue/otel: time to heard',
      errorsMs: score.oncue.flatMap(({ wait }) => (wait ? wait.exportedMs - wait.truthMs : [])),
    },
    {
      name: 'predicted',
      label: 'Oncue: predicted task runs',
      errorsMs: errorsOf(score.oncue, ({ predictedAtMs }) => predictedAtMs),
    },
    bounded('estimate', 'Oncue: estimate, no reporter', score.oncue, ({ estimate }) => estimate),
  ];
}

function bounded(
  name: string,
  label: string,
  heard: readonly OncueHeard[],
  pick: (
    one: OncueHeard,
  ) => { readonly startedAtMs: number; readonly errorBoundMs: number } | undefined,
): NetworkErrorRow {
  const errors = heard.flatMap((one) => {
    const instant = pick(one);
    if (!instant) return [];
    const errorMs = instant.startedAtMs - one.truthMs;
    return [{ errorMs, isWithin: Math.abs(errorMs) <= instant.errorBoundMs }];
  });
  return {
    name,
    label,
    errorsMs: errors.map(({ errorMs }) => errorMs),
    withinBoundCount: errors.filter(({ isWithin }) => isWithin).length,
  };
}

/** From the sound to the first event about it with the evidence of the device. */
export function confirmedAfterMs(score: NetworkScore): number[] {
  return score.oncue.flatMap(({ confirmed, truthMs }) =>
    confirmed ? [confirmed.atMs - truthMs] : [],
  );
}

/** Starts that were reported without the evidence of the device. Each should say so: its evidence is `estimate`. */
export function fellBack(score: NetworkScore): {
  readonly count: number;
  readonly labelled: number;
} {
  const others = score.oncue.filter(({ final }) => final && final.evidence !== 'device');
  const labelled = others.filter(({ final }) => final?.evidence === 'estimate');
  return { count: others.length, labelled: labelled.length };
}

/** Silence between ready responses of a turn, where the first of the two lasts at least `leastBeforeMs`. */
export function gapsMs(
  heard: readonly { readonly gap: Gap | undefined }[],
  leastBeforeMs: number = 0,
): number[] {
  return heard.flatMap(({ gap }) => (gap && gap.beforeMs >= leastBeforeMs ? [gap.silenceMs] : []));
}

/** A shorter response may have been sent completely before its start is known. */
export const LONG_MS = 700;

/** Processor time of the agents' process above what it takes when both are silent, ms a second of speech. */
export function cpuPerSpeech({ run }: NetworkScore): {
  readonly oncue: number;
  /** Oncue, with a state between two responses. */
  readonly states: number;
  readonly stock: number;
  readonly idle: number;
} {
  const { oncue, states, stock, idle } = run.cpu;
  const idleShare = idle.cpuMs / idle.lastedMs;
  const of = (used: typeof oncue): number =>
    ((used.cpuMs - idleShare * used.lastedMs) * 1000) / used.speechMs;
  const idleMs = idleShare * 1000;
  return { oncue: of(oncue), states: of(states), stock: of(stock), idle: idleMs };
}

/** Flat, with the unit at the end of each name. */
export function networkFigures(score: NetworkScore): Record<string, number> {
  const { run } = score;
  const all = Object.assign({}, ...errorRows(score).map(rowFigures)) as Record<string, number>;
  const confirmed = summarize(confirmedAfterMs(score));
  const cpu = cpuPerSpeech(score);
  const fallen = fellBack(score);
  const figures = {
    ...all,
    ...countFigures(score),
    confirmed_after_sound_median_ms: confirmed.median,
    confirmed_after_sound_p95_ms: confirmed.p95,
    confirmed_after_sound_worst_ms: confirmed.max,
    one_way_ms: run.oneWayMs,
    fell_back_count: fallen.count,
    fell_back_labelled_count: fallen.labelled,
    ...gapFigures('oncue', gapsMs(score.oncue)),
    ...gapFigures('stock', gapsMs(score.stock)),
    ...gapFigures('oncue_behind_long', gapsMs(score.oncue, LONG_MS)),
    ...gapFigures('stock_behind_long', gapsMs(score.stock, LONG_MS)),
    oncue_cpu_per_speech_ms_per_s: cpu.oncue,
    states_cpu_per_speech_ms_per_s: cpu.states,
    stock_cpu_per_speech_ms_per_s: cpu.stock,
    oncue_cpu_ratio: cpu.oncue / cpu.stock,
    idle_cpu_ms_per_s: cpu.idle,
    event_loop_delay_p99_ms: run.loopDelayMs.p99,
    event_loop_delay_max_ms: run.loopDelayMs.max,
    load_average: run.load,
    stolen_percent: 100 * run.stolenShare,
    awake_core_count: run.awakeCoreCount,
    left_core_count: run.leftCoreCount,
    output_steps_per_minute: run.recording.outputSteps / run.recording.minutes,
    clock_offset_ms: run.clock.offsetMs,
    clock_offset_bound_ms: run.clock.boundMs,
    clock_offset_at_end_ms: run.clockAtEnd.offsetMs,
  };
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [`${run.name}_${name}`, value]),
  );
}

function rowFigures(row: NetworkErrorRow): Record<string, number> {
  const { name, errorsMs, withinBoundCount } = row;
  return {
    [`${name}_count`]: errorsMs.length,
    ...errorFigures(row),
    ...(withinBoundCount === undefined ? {} : { [`${name}_within_bound_count`]: withinBoundCount }),
  };
}

function countFigures(score: NetworkScore): Record<string, number> {
  const of = (side: string, counts: NetworkScore['oncueCounts']): Record<string, number> => ({
    [`${side}_heard_count`]: counts.heard,
    [`${side}_truth_unknown_count`]: counts.unknown,
    [`${side}_start_missing_count`]: counts.missing,
    [`${side}_start_twice_count`]: counts.twice,
    [`${side}_start_false_count`]: counts.false,
  });
  const { cuts } = score;
  const offBy = (pick: (cut: (typeof cuts)[number]) => number, words: number): number =>
    cuts.filter((cut) => pick(cut) > words).length;
  return {
    ...of('oncue', score.oncueCounts),
    ...of('stock', score.stockCounts),
    cuts_count: cuts.length,
    cuts_truth_unknown_count: score.cutsUnknown,
    heard_text_exact_count: cuts.length - offBy((cut) => cut.heardTextOff, 0),
    heard_text_off_by_more_than_one_word_count: offBy((cut) => cut.heardTextOff, 1),
    message_exact_count: cuts.length - offBy((cut) => cut.messageOff, 0),
    message_off_by_more_than_one_word_count: offBy((cut) => cut.messageOff, 1),
    reports_dropped_count: score.droppedReportCount,
    pieces_found_count: score.run.page.stats?.foundCount ?? Number.NaN,
    pieces_missed_count: score.run.page.stats?.missedCount ?? Number.NaN,
  };
}

function gapFigures(side: string, gaps: readonly number[]): Record<string, number> {
  const { median, p95, min, max } = summarize(gaps);
  return {
    [`${side}_gap_median_ms`]: median,
    [`${side}_gap_p95_ms`]: p95,
    [`${side}_gap_min_ms`]: min,
    [`${side}_gap_max_ms`]: max,
  };
}
