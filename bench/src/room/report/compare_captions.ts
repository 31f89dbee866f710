import { cell, printFigures, printTable } from '../../shared/print_table.ts';
import { quantile } from '../../shared/stats.ts';
import { type Arm, PARTS, type Part } from '../arms.ts';
import type { NetworkScore } from '../score.ts';
import { cpuPerSpeech, errorRows } from './figures.ts';

/** One figure with captions and without, and what the runs of one kind differ by. */
export interface Compared {
  readonly off: number;
  readonly on: number;
  readonly onMinusOff: number;
  readonly offSecondMinusFirst: number;
  readonly onSecondMinusFirst: number;
}

/** A figure of a run. */
interface Figure {
  readonly name: string;
  readonly label: string;
  of(score: NetworkScore): number;
}

const FIGURES: readonly Figure[] = [
  p95('device', 'Oncue: startedAtMs, device, |p95|, ms'),
  p95('stock', 'LiveKit alone: playbackStarted, |p95|, ms'),
  p95('predicted', 'Oncue: predicted task runs, |p95|, ms'),
  {
    name: 'oncue_cpu_ms_per_s',
    label: 'CPU a second of speech, ms: Oncue',
    of: (score) => cpuPerSpeech(score).oncue,
  },
  {
    name: 'states_cpu_ms_per_s',
    label: '  with a state between responses',
    of: (score) => cpuPerSpeech(score).states,
  },
  {
    name: 'stock_cpu_ms_per_s',
    label: '  LiveKit alone',
    of: (score) => cpuPerSpeech(score).stock,
  },
  count('missing', 'Oncue: starts missing, a run'),
  count('twice', '  reported twice'),
  count('false', '  false'),
];

/** Prints nothing if the runs are no comparison. @param scores Of these arms, in the same order. */
export function compareCaptions(arms: readonly Arm[], scores: readonly NetworkScore[]): void {
  const networks = [...new Set(arms.flatMap(({ network, part }) => (part ? [network] : [])))];
  if (networks.length === 0) return;
  const figures: Record<string, number> = {};
  for (const network of networks) {
    const rows = FIGURES.map(({ name, label, of }) => {
      const one = compared(({ captions, half }) => {
        const place = arms.findIndex(
          ({ network: where, part }) =>
            where === network && part?.captions === captions && part.half === half,
        );
        const score = scores[place];
        return score ? of(score) : Number.NaN;
      });
      figures[`${network}_${name}_off`] = one.off;
      figures[`${network}_${name}_on_minus_off`] = one.onMinusOff;
      figures[`${network}_${name}_off_second_minus_first`] = one.offSecondMinusFirst;
      figures[`${network}_${name}_on_second_minus_first`] = one.onSecondMinusFirst;
      return [label, ...Object.values(one).map((value) => cell(value, 2))];
    });
    printTable(`${network}: captions`, COLUMNS, rows);
  }
  console.log(NOTE);
  printFigures('room_captions', figures);
}

const COLUMNS = ['', 'off', 'on', 'on − off', 'off: 2nd − 1st', 'on: 2nd − 1st'];

const NOTE = `
  Four runs on each network in this order: off, on, on, off. All say the same, with the same pauses and cuts. \`off\` and
  \`on\` are the mean of two runs. The last two columns compare runs that differ in nothing: a difference of \`on − off\`
  that is no larger than these may be chance. They are one sample each, so they show the order of what chance does.
`;

/** @param of - A figure of one of the four runs. */
export function compared(of: (part: Part) => number): Compared {
  const runs = (captions: Part['captions']): readonly [first: number, second: number] => {
    const [first, second] = PARTS.filter((part) => part.captions === captions)
      .sort((one, other) => one.half - other.half)
      .map(of);
    return [first ?? Number.NaN, second ?? Number.NaN];
  };
  const off = runs('off');
  const on = runs('on');
  const mean = ([first, second]: readonly [number, number]): number => (first + second) / 2;
  return {
    off: mean(off),
    on: mean(on),
    onMinusOff: mean(on) - mean(off),
    offSecondMinusFirst: off[1] - off[0],
    onSecondMinusFirst: on[1] - on[0],
  };
}

/** Of the errors of a row of the tables of errors. */
function p95(row: string, label: string): Figure {
  const of = (score: NetworkScore): number => {
    const { errorsMs = [] } = errorRows(score).find(({ name }) => name === row) ?? {};
    return quantile(errorsMs.map(Math.abs), 0.95);
  };
  return { name: `${row}_abs_error_p95_ms`, label, of };
}

function count(key: 'missing' | 'twice' | 'false', label: string): Figure {
  return { name: `${key}_count`, label, of: ({ oncueCounts }) => oncueCounts[key] };
}
