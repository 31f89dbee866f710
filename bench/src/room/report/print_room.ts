import { arch, cpus, loadavg } from 'node:os';
import { cell, printFigures, printTable } from '../../shared/print_table.ts';
import { summarize } from '../../shared/stats.ts';
import type { WorkletCost } from '../machine/worklet_cost.ts';
import type { CutWords, NetworkScore } from '../score.ts';
import {
  confirmedAfterMs,
  cpuPerSpeech,
  errorRows,
  fellBack,
  gapsMs,
  LONG_MS,
  type NetworkErrorRow,
  networkFigures,
} from './figures.ts';

/** What a run of the benchmark gave. */
export interface RoomResults {
  readonly scores: readonly NetworkScore[];
  readonly worklet: WorkletCost;
}

/** What is furthest from the truth, for a closer look. */
export function listWorst(score: NetworkScore): void {
  const { name } = score.run;
  for (const cut of score.cuts.filter((one) => one.heardTextOff + one.messageOff > 0))
    console.error(`${name} cut ${JSON.stringify(cut)}`);
  const worst = score.oncue
    .map((one) => ({ ...one, errorMs: (one.final?.startedAtMs ?? Number.NaN) - one.truthMs }))
    .sort((one, other) => Math.abs(other.errorMs) - Math.abs(one.errorMs))
    .slice(0, LISTED);
  for (const { responseId, text, place, errorMs, final } of worst) {
    const { evidence, errorBoundMs } = final ?? {};
    const line = { responseId, text, place, errorMs, evidence, errorBoundMs };
    console.error(`${name} start ${JSON.stringify(line)}`);
  }
}

const LISTED = 10;

export function printRoom({ scores, worklet }: RoomResults): void {
  for (const score of scores) printErrors(score);
  printCounts(scores);
  printTimes(scores);
  printCuts(scores);
  printNotes(scores, worklet);
  const figures = Object.assign({}, ...scores.map(networkFigures)) as Record<string, number>;
  printFigures('room', {
    ...figures,
    worklet_empty_us: worklet.emptyMicros,
    worklet_idle_us: worklet.idleMicros,
    worklet_searching_us: worklet.searchingMicros,
    cpu_count: cpus().length,
    load_average: loadavg()[0] ?? Number.NaN,
  });
}

function printErrors(score: NetworkScore): void {
  const lineOf = ({ label, errorsMs, withinBoundCount }: NetworkErrorRow): string[] => {
    const signed = summarize(errorsMs);
    const absolute = summarize(errorsMs.map(Math.abs));
    const figures = [signed.median, absolute.median, absolute.p95, absolute.max];
    const within = withinBoundCount === undefined ? '' : String(withinBoundCount);
    return [label, String(signed.count), ...figures.map((value) => cell(value, 2)), within];
  };
  printTable(
    `${score.run.name}: reported minus true first sample, ms`,
    ['', 'n', 'median', '|median|', '|p95|', '|worst|', 'within bound'],
    errorRows(score).map(lineOf),
  );
}

type Line = [label: string, of: (score: NetworkScore) => string];

function printByNetwork(title: string, scores: readonly NetworkScore[], lines: Line[]): void {
  const columns = ['', ...scores.map(({ run }) => run.name)];
  printTable(
    title,
    columns,
    lines.map(([label, of]) => [label, ...scores.map(of)]),
  );
}

function printCounts(scores: readonly NetworkScore[]): void {
  const pair = (key: 'heard' | 'unknown' | 'missing' | 'twice' | 'false'): Line[1] => {
    return ({ oncueCounts, stockCounts }) => `${oncueCounts[key]} / ${stockCounts[key]}`;
  };
  printByNetwork('Starts, cuts included: Oncue / LiveKit alone', scores, [
    ['responses heard', pair('heard')],
    ['heard, instant not found by the search', pair('unknown')],
    ['starts missing', pair('missing')],
    ['starts reported twice', pair('twice')],
    ['false starts', pair('false')],
    ['Oncue: starts by estimate, labelled so', fallen],
    ['reports dropped by the agent', ({ droppedReportCount }) => String(droppedReportCount)],
    [
      'pieces found / missed in the page',
      ({ run }) => `${run.page.stats?.foundCount} / ${run.page.stats?.missedCount}`,
    ],
  ]);
}

function fallen(score: NetworkScore): string {
  const { count, labelled } = fellBack(score);
  const share = (100 * count) / score.oncue.length;
  return `${count} (${cell(share)} %), ${labelled}`;
}

function printTimes(scores: readonly NetworkScore[]): void {
  const three = (values: readonly number[]): string => {
    const { median, p95, max } = summarize(values);
    return [median, p95, max].map((value) => cell(value)).join(' / ');
  };
  printByNetwork('Times, ms: median / p95 / worst', scores, [
    ['from the sound to the confirmed event', (score) => three(confirmedAfterMs(score))],
    ['  one way through the network', ({ run }) => cell(run.oneWayMs)],
    ['gap between ready responses: Oncue', ({ oncue }) => three(gapsMs(oncue))],
    ['  after a response of 0.7 s or more', ({ oncue }) => three(gapsMs(oncue, LONG_MS))],
    ['  LiveKit alone', ({ stock }) => three(gapsMs(stock))],
    ['  after a response of 0.7 s or more', ({ stock }) => three(gapsMs(stock, LONG_MS))],
    [
      'CPU of the agents above idle, a second of speech: Oncue',
      (score) => cell(cpuPerSpeech(score).oncue),
    ],
    ['  with a state between responses', (score) => cell(cpuPerSpeech(score).states)],
    ['  LiveKit alone', (score) => cell(cpuPerSpeech(score).stock)],
    ['  both silent, a second', (score) => cell(cpuPerSpeech(score).idle)],
    [
      "event loop of the agents' process: p99 / worst",
      ({ run }) => `${cell(run.loopDelayMs.p99)} / ${cell(run.loopDelayMs.max)}`,
    ],
    [
      "steps of the browser's output, a minute",
      ({ run }) => cell(run.recording.outputSteps / run.recording.minutes),
    ],
    ['CPU time taken by the host, % of one core', ({ run }) => cell(100 * run.stolenShare)],
    ['cores kept awake', ({ run }) => `${run.awakeCoreCount} of ${cpus().length}`],
    ['cores left to the browser', ({ run }) => `${run.leftCoreCount} of ${cpus().length}`],
    ['load average', ({ run }) => cell(run.load)],
    [
      "page's clock minus ours",
      ({ run }) => `${cell(run.clock.offsetMs, 2)} ±${cell(run.clock.boundMs, 2)}`,
    ],
    ['  at the end', ({ run }) => cell(run.clockAtEnd.offsetMs, 2)],
  ]);
}

function printCuts(scores: readonly NetworkScore[]): void {
  const words = (pick: (cut: CutWords) => number): Line[1] => {
    return ({ cuts }) => {
      const off = cuts.map(pick);
      const exact = off.filter((count) => count === 0).length;
      const more = off.filter((count) => count > 1).length;
      return `${exact} / ${off.length - exact - more} / ${more}`;
    };
  };
  printByNetwork('Cuts, words off: none / one / more', scores, [
    ['heardText of the finish events', words((cut) => cut.heardTextOff)],
    ['message in the chat context', words((cut) => cut.messageOff)],
    ['heard words not found by the search', ({ cutsUnknown }) => String(cutsUnknown)],
  ]);
}

function printNotes(scores: readonly NetworkScore[], worklet: WorkletCost): void {
  const [cpu] = cpus();
  const errors = scores.flatMap(({ run }) => run.page.errors);
  console.log(`
  Truth: what the page gave to its output, recorded frame by frame and searched afterwards for the known
  samples of each response. Frames are dated by getOutputTimestamp, median of 150 ms before and after; in Firefox
  by when they were rendered, plus the 40 ms that the reporter assumes. The search
  starts from the instants at which the agent sent each response, and prefers no place within 250 ms of the
  usual path. The truth is measured before the loudspeaker. Responses that the search does not find are left out.
  LiveKit alone: playbackStarted of its innermost output, in a session of its own in the same room, alternating.
  Predicted: when a task with timing 'predicted' ran. Estimate: the recorded inputs of the same session run
  again without the listener's reports; each response is handed over when it was with them.
  One turn on each side before anything counts. CPU: of the process in which both agents run, above what it
  takes while both are silent.
  The reporter's worklet, a block of 128 frames (2667 µs): ${cell(worklet.idleMicros)} µs idle, ${cell(worklet.searchingMicros)} µs with two searches that
  never end, ${cell(worklet.emptyMicros)} µs for an empty one; noise, offline.
  Machine: ${cpus().length} × ${cpu?.model ?? 'unknown'}, ${arch()}, Node ${process.versions.node}; load average ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')}.${errors.length === 0 ? '' : `\n  Errors of the reporter: ${errors.join('; ')}`}
`);
}
