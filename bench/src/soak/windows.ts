import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { cell, printFigures, printTable } from '../shared/print_table.ts';
import { quantile } from '../shared/stats.ts';
import type { Talk } from './talk.ts';
import { emptyTally, type Tally } from './tally.ts';

/** A run is divided into so many windows; the first one warms up. */
export const WINDOWS = 12;
/** What the last window may have more than the first: heap in MB beside what LiveKit alone keeps, handles. */
const MOST_HEAP_MB = 8;
const MOST_HANDLES = 10;

/** What a page holds after a garbage collection. */
export interface PageMemory {
  readonly heapMb: number;
  /** Listeners of all its event targets. */
  readonly listeners: number;
}

/** What happened in one part of a run, and what the process held at its end. */
export interface Window {
  readonly heapMb: number;
  readonly handles: number;
  readonly listeners: number;
  readonly cpuPercent: number;
  readonly turns: number;
  readonly declared: number;
  readonly unended: number;
  readonly tasksMissing: number;
  readonly errorP95Ms: number;
  readonly page: PageMemory | undefined;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function heapMb(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let time = 0; time < 4; time += 1) collect();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Waits for `seconds`. @returns What has happened since the window before. */
export async function nextWindow(
  talks: readonly Talk[],
  seconds: number,
  readPage?: () => Promise<PageMemory>,
): Promise<Window> {
  const before = process.cpuUsage();
  const fromMs = performance.now();
  await wait(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  const cpuPercent = (user + system) / 10 / (performance.now() - fromMs);
  const tallies = talks.map((talk) => {
    const { tally } = talk;
    talk.tally = emptyTally();
    return tally;
  });
  const sum = (key: Exclude<keyof Tally, 'errorsMs'>): number =>
    tallies.reduce((total, tally) => total + tally[key], 0);
  const live = talks.reduce((total, { liveCount }) => total + liveCount, 0);
  const errors = tallies.flatMap(({ errorsMs }) => errorsMs);
  return {
    heapMb: heapMb(),
    handles: process
      .getActiveResourcesInfo()
      .filter((name) => name.endsWith('Wrap') || name.endsWith('Port')).length,
    listeners: talks.reduce((total, talk) => total + talk.listenerCount, 0),
    cpuPercent,
    turns: sum('turns'),
    declared: sum('declared'),
    // Those of a turn that goes on are over in the next window.
    unended: Math.max(0, Math.abs(sum('declared') - sum('ended')) - 3 * live),
    tasksMissing: Math.abs(sum('started') - sum('tasks')),
    errorP95Ms: quantile(errors, 0.95),
    page: await readPage?.(),
  };
}

/** What a run is printed and judged with. */
export interface Judging {
  readonly seconds: number;
  /** What the error of a start is called in the table. */
  readonly error: string;
  /** What LiveKit alone keeps of each turn, in kB of heap. */
  readonly plainPerTurnKb: number;
}

/** Prints the windows, what grew and what was lost. @returns Whether nothing grew and nothing was lost. */
export function judgeWindows(
  windows: readonly Window[],
  { seconds, error, plainPerTurnKb }: Judging,
): boolean {
  const [, first] = windows;
  const last = windows.at(-1);
  const head = ['', 'heap MB', 'handles', 'listeners', 'CPU %', 'turns', 'responses', error];
  printTable(
    `windows of ${seconds} s; the first warms up`,
    first?.page ? [...head, 'heap of the page MB', 'its listeners'] : head,
    windows.map((one, index) => [
      `${index}`,
      cell(one.heapMb),
      cell(one.handles, 0),
      cell(one.listeners, 0),
      cell(one.cpuPercent),
      cell(one.turns, 0),
      cell(one.declared, 0),
      cell(one.errorP95Ms, 2),
      ...(one.page ? [cell(one.page.heapMb), cell(one.page.listeners, 0)] : []),
    ]),
  );
  if (!first || !last) return false;
  const heapGrowthMb = last.heapMb - first.heapMb;
  const turns = windows.slice(2).reduce((sum, one) => sum + one.turns, 0);
  const handleGrowth = last.handles - first.handles;
  const listenerGrowth = last.listeners - first.listeners;
  const unended = windows.reduce((sum, one) => sum + one.unended, 0);
  const tasksMissing = windows.reduce((sum, one) => sum + one.tasksMissing, 0);
  const pageHeapGrowthMb = (last.page?.heapMb ?? 0) - (first.page?.heapMb ?? 0);
  const pageListenerGrowth = (last.page?.listeners ?? 0) - (first.page?.listeners ?? 0);
  const ofPage = first.page ? { pageHeapGrowthMb, pageListenerGrowth } : {};
  printFigures('soak', {
    heapGrowthMb,
    heapPerTurnKb: (heapGrowthMb * 1000) / turns,
    plainPerTurnKb,
    handleGrowth,
    listenerGrowth,
    ...ofPage,
    unended,
    tasksMissing,
    firstErrorP95Ms: first.errorP95Ms,
    lastErrorP95Ms: last.errorP95Ms,
  });
  const ownGrowthMb = heapGrowthMb - (plainPerTurnKb * turns) / 1000;
  const isFlat = Math.max(ownGrowthMb, pageHeapGrowthMb) <= MOST_HEAP_MB;
  const isHeld = listenerGrowth <= 0 && pageListenerGrowth <= 0 && handleGrowth <= MOST_HANDLES;
  return isFlat && isHeld && unended === 0 && tasksMissing === 0;
}
