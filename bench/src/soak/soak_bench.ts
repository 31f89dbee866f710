import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { cell, printFigures, printTable } from '../shared/print_table.ts';
import { seededRandom } from '../shared/random.ts';
import { learnSpeech, ReplayTTS } from '../shared/replay_tts.ts';
import { SHORT_SENTENCES, withSpace } from '../shared/sentences.ts';
import { quantile } from '../shared/stats.ts';
import { emptyTally, Talk } from './talk.ts';

/** A run is divided into so many windows; the first one warms up. */
const WINDOWS = 12;
const VOICE_SPEED = 1.2;
/** What the last window may have more than the first: heap in MB, handles and listeners of all sessions. */
const MOST_HEAP_MB = 8;
const MOST_HANDLES = 10;

interface Window {
  readonly heapMb: number;
  readonly handles: number;
  readonly listeners: number;
  readonly cpuPercent: number;
  readonly turns: number;
  readonly declared: number;
  readonly unended: number;
  readonly tasksMissing: number;
  readonly errorP95Ms: number;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function heapMb(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let time = 0; time < 4; time += 1) collect();
  return process.memoryUsage().heapUsed / 1e6;
}

/** What has happened since the window before. */
async function nextWindow(talks: readonly Talk[], seconds: number): Promise<Window> {
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
  const sum = (key: 'turns' | 'declared' | 'ended' | 'tasks' | 'started'): number =>
    tallies.reduce((total, tally) => total + tally[key], 0);
  const live = talks.reduce((total, { oncue }) => total + oncue.timeline.state.turns.length, 0);
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
  };
}

function print(windows: readonly Window[], seconds: number): boolean {
  const [, first] = windows;
  const last = windows.at(-1);
  printTable(
    `windows of ${seconds} s; the first warms up`,
    ['', 'heap MB', 'handles', 'listeners', 'CPU %', 'turns', 'responses', 'start error p95 ms'],
    windows.map((one, index) => [
      `${index}`,
      cell(one.heapMb),
      cell(one.handles, 0),
      cell(one.listeners, 0),
      cell(one.cpuPercent),
      cell(one.turns, 0),
      cell(one.declared, 0),
      cell(one.errorP95Ms, 2),
    ]),
  );
  if (!first || !last) return false;
  const heapGrowthMb = last.heapMb - first.heapMb;
  const handleGrowth = last.handles - first.handles;
  const listenerGrowth = last.listeners - first.listeners;
  const unended = windows.reduce((sum, one) => sum + one.unended, 0);
  const tasksMissing = windows.reduce((sum, one) => sum + one.tasksMissing, 0);
  printFigures('soak', { heapGrowthMb, handleGrowth, listenerGrowth, unended, tasksMissing });
  const isFlat = heapGrowthMb <= MOST_HEAP_MB && handleGrowth <= MOST_HANDLES;
  return isFlat && listenerGrowth <= 0 && unended === 0 && tasksMissing === 0;
}

/**
 * Sessions that talk in real time without a break, each to a page that reports, interrupts and is reloaded. Fails if
 * heap, handles or listeners grow, if a response has no end, or if a task of a response that started did not run.
 */
export async function soakBench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '120' },
      sessions: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
    },
  });
  initializeLogger({ pretty: false, level: 'error' });
  const seconds = (Number(values.minutes) * 60) / WINDOWS;
  const speaker = new ReplayTTS({ speed: VOICE_SPEED }, 'at_once');
  const sentences = SHORT_SENTENCES.map(withSpace);
  for (const text of sentences) await learnSpeech(speaker, text);
  const talks: Talk[] = [];
  for (let n = 0; n < Number(values.sessions); n += 1) {
    const random = seededRandom(Number(values.seed) + n);
    talks.push(await Talk.start(`session-${n}`, speaker, random));
  }
  let isOver = false;
  const runs = talks.map((talk) => talk.run(sentences, () => isOver));
  const windows: Window[] = [];
  for (let n = 0; n < WINDOWS; n += 1) {
    windows.push(await nextWindow(talks, seconds));
    speaker.handedOut.length = 0;
    console.error(`window ${n + 1} of ${WINDOWS}: ${JSON.stringify(windows.at(-1))}`);
  }
  isOver = true;
  await Promise.all(runs);
  for (const talk of talks) await talk.close();
  await speaker.close();
  if (!print(windows, seconds)) process.exitCode = 1;
  await dispose();
}
