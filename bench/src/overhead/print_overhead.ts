import { cell, printFigures, printTable } from '../shared/print_table.ts';
import { median, summarize } from '../shared/stats.ts';
import type { Pair } from './pair.ts';
import type { Shares } from './profile.ts';

/** What a run of the benchmark gave. */
export interface OverheadResults {
  readonly firstAudioMs: readonly Pair[];
  /** Processor time for `speechMs` of speech. */
  readonly cpuMs: readonly Pair[];
  readonly speechMs: number;
  readonly shares: Shares;
  readonly heapBytes: readonly Pair[];
}

export function printOverhead(results: OverheadResults): void {
  const { firstAudioMs, speechMs, shares } = results;
  const cpuShares = results.cpuMs.map(({ oncue, plain }) => ({
    oncue: (oncue * 100) / speechMs,
    plain: (plain * 100) / speechMs,
  }));
  const heapKilobytes = results.heapBytes.map(({ oncue, plain }) => ({
    oncue: oncue / 1000,
    plain: plain / 1000,
  }));
  // Stacks are sampled by the wall clock, also while another process has the core. That does not change the shares.
  const busyPercent = median(cpuShares.map(({ oncue }) => oncue));
  const profiled = {
    oncue: (shares.oncueMs / shares.busyMs) * busyPercent,
    device: (shares.deviceMs / shares.busyMs) * busyPercent,
  };
  printTable(
    'The same session with Oncue and without, medians',
    ['', 'pairs', 'with', 'without', 'difference', 'p95', 'lowest', 'highest'],
    [
      lineOf('first audio, ms', firstAudioMs, 2),
      lineOf('processor while it speaks, % of a core', cpuShares, 2),
      lineOf('heap of an open session, kB', heapKilobytes, 0),
    ],
  );
  printTable(
    'Processor time by sampled stacks while a session with Oncue speaks, % of a core',
    ['Oncue', 'local device', 'all'],
    [[profiled.oncue, profiled.device, busyPercent].map((value) => cell(value, 2))],
  );
  console.log(`
  First audio: from generateReply to the first samples at the device. Differences are of pairs in the same run, order
  by turns; p95, lowest and highest are of those differences. The speech comes from memory at once, so what is left is
  the pipeline. Sampled stacks: the share of Oncue's files among all samples, times the processor time of the line
  above. The engine's and Node's own code counts for its caller, handlers of the application for the application; what
  promises go on with by themselves counts for "all" only. Packages run from source through tsx here, which wraps each
  inner function: the build is a little cheaper.
`);
  printFigures('overhead', {
    ...figuresOf('first_audio', 'ms', firstAudioMs),
    ...figuresOf('cpu', 'percent_of_core', cpuShares),
    cpu_profiled_oncue_percent_of_core: profiled.oncue,
    cpu_profiled_local_device_percent_of_core: profiled.device,
    cpu_profiled_oncue_share_of_busy: shares.oncueMs / shares.busyMs,
    ...figuresOf('heap_a_session', 'kilobytes', heapKilobytes),
  });
}

function differences(pairs: readonly Pair[]): number[] {
  return pairs.map(({ oncue, plain }) => oncue - plain);
}

function lineOf(label: string, pairs: readonly Pair[], digits: number): string[] {
  const difference = summarize(differences(pairs));
  const values = [
    median(pairs.map(({ oncue }) => oncue)),
    median(pairs.map(({ plain }) => plain)),
    difference.median,
    difference.p95,
    difference.min,
    difference.max,
  ];
  return [label, String(pairs.length), ...values.map((value) => cell(value, digits))];
}

function figuresOf(name: string, unit: string, pairs: readonly Pair[]): Record<string, number> {
  const difference = summarize(differences(pairs));
  return {
    [`${name}_pairs_count`]: pairs.length,
    [`${name}_with_median_${unit}`]: median(pairs.map(({ oncue }) => oncue)),
    [`${name}_without_median_${unit}`]: median(pairs.map(({ plain }) => plain)),
    [`${name}_difference_median_${unit}`]: difference.median,
    [`${name}_difference_p95_${unit}`]: difference.p95,
    [`${name}_difference_min_${unit}`]: difference.min,
    [`${name}_difference_max_${unit}`]: difference.max,
  };
}
