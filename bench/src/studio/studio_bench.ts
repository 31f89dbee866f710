import { loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { initializeLogger, voice } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { Studio } from '@oncue/studio';
import {
  type DeviceRecording,
  launchChromium,
  MonitorRecorder,
  type SoundSink,
  startSoundSink,
} from '@oncue/testbed';
import type { Browser, Page } from 'playwright-core';
import { countOf } from '../../../scripts/run_with_usage.mjs';
import { BenchAgent } from '../shared/bench_agent.ts';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { checkClock } from '../shared/machine_clock.ts';
import { seededRandom } from '../shared/random.ts';
import { learnSpeech, ReplayTTS } from '../shared/replay_tts.ts';
import { setHook } from './agent_file.ts';
import { listen, newVisitor } from './browser.ts';
import { printStudioDevice } from './device.ts';
import { firstVisits } from './first_visit.ts';
import { watchMainThread } from './main_thread.ts';
import { type PageCost, pageCost } from './page_cost.ts';
import { fetchRecording } from './page_recording.ts';
import { printStudio, type StudioResults } from './print_studio.ts';
import { scoreRun } from './score.ts';
import { TraceReader } from './trace_reader.ts';
import {
  cutScripts,
  runTrial,
  type Subject,
  startScripts,
  type TaskStart,
  TEXTS,
  type Trial,
} from './trials.ts';

const SEED = 4213;

/** Fast enough that the whole takes less than six minutes. */
const VOICE_SPEED = 1.5;

const FIRST_VISITS = 5;

const AGENT_FILE = fileURLToPath(new URL('agent_file.ts', import.meta.url));

/** How much is measured. */
interface Wish {
  readonly responses: number;
  readonly cuts: number;
  /** Record the sound device too, and print the errors against it. */
  readonly device: boolean;
}

/**
 * The studio's page in Chromium against a recording of what its audio graph gave out: start events and tasks, gaps, cuts
 * and their text, the first visit, the page's size and what its worklet costs.
 */
export async function studioBench(args: readonly string[]): Promise<void> {
  const wish = readWish(args);
  initializeLogger({ pretty: false, level: 'error' });
  const sink = wish.device ? await startSoundSink() : undefined;
  const browser = await launchChromium([], sink);
  try {
    const firstVisitMs = await firstVisits(browser, FIRST_VISITS);
    const { results, device, known } = await measure(browser, wish, sink);
    printStudio({ ...results, firstVisitMs });
    if (device) printStudioDevice(results.score.heard, device, known);
  } finally {
    await browser.close();
    await sink?.stop();
    await dispose();
  }
}

/** @throws Error for an argument that it does not know. */
function readWish(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: {
      responses: { type: 'string', default: '60' },
      cuts: { type: 'string', default: '100' },
      device: { type: 'boolean', default: false },
    },
  });
  const { responses, cuts, device } = values;
  return { responses: countOf(responses), cuts: countOf(cuts), device };
}

/** The results, what the device played if it was recorded, and what the texts sound like. */
interface Measured {
  readonly results: Omit<StudioResults, 'firstVisitMs'>;
  readonly device: DeviceRecording | undefined;
  readonly known: readonly KnownSpeech[];
}

async function measure(
  browser: Browser,
  wish: Wish,
  sink: SoundSink | undefined,
): Promise<Measured> {
  const random = seededRandom(SEED);
  const speaker = new ReplayTTS({ speed: VOICE_SPEED }, 'as_made');
  const known: KnownSpeech[] = [];
  for (const text of TEXTS) known.push(await learnSpeech(speaker, text));
  const { studio, subject } = await startStudio(speaker);
  const trace = new TraceReader();
  const page = await newVisitor(browser);
  trace.follow(page);
  try {
    await page.goto(studio.url);
    await listen(page);
    // A first trial that does not count: code is compiled on both sides.
    await runTrial(subject, { responses: known.slice(0, 2) }, random);
    const recorder = sink && (await MonitorRecorder.start(sink));
    const clock = await checkClock(page);
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    const mainThreadSince = await watchMainThread(page);
    const trials = await runAll(subject, wish, known, random);
    loop.disable();
    const device = recorder?.stop();
    const mainThread = await mainThreadSince();
    const recording = await fetchRecording(page);
    const pageTimersLateMs = await page.evaluate<number[]>('benchRecorder.timersLateMs()');
    const score = scoreRun({ recording, trace, tasks: subject.tasks, trials });
    const cost: PageCost = await costOf(browser, page, studio.url);
    const results = {
      score,
      cost,
      clock,
      recording,
      pageTimersLateMs,
      mainThread,
      droppedReportCount: trace.droppedReportCount,
      loopDelayP99Ms: loop.percentile(99) / 1e6,
      loopDelayMaxMs: loop.max / 1e6,
      load: loadavg()[0] ?? Number.NaN,
    };
    return { results, device, known };
  } catch (error) {
    console.error(`the trace until then: ${await trace.save()}`);
    throw error;
  } finally {
    await studio.close();
    await speaker.close();
  }
}

/** Starts the studio with an agent file, as a user does, and returns the session and the agent in it. */
async function startStudio(
  speaker: ReplayTTS,
): Promise<{ readonly studio: Studio; readonly subject: Subject }> {
  const tasks: TaskStart[] = [];
  const agent = new BenchAgent((key, firedAtMs) => tasks.push({ ...key, firedAtMs }));
  let session: voice.AgentSession | undefined;
  setHook({
    createAgent: () => agent,
    createSession: (options) => {
      session = new voice.AgentSession({ ...options, tts: speaker });
      return session;
    },
  });
  let failure: unknown;
  const studio = await Studio.start({
    agentFile: AGENT_FILE,
    port: 0,
    env: {},
    onError: (error) => {
      failure = error;
    },
  });
  if (!session || failure) {
    await studio.close();
    throw new Error('the studio did not start its agent', { cause: failure });
  }
  return { studio, subject: { session, agent, tasks } };
}

async function runAll(
  subject: Subject,
  wish: Wish,
  known: readonly KnownSpeech[],
  random: () => number,
): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  const scripts = [
    ...startScripts(known, wish.responses, random),
    ...cutScripts(known, wish.cuts, random),
  ];
  for (const [place, script] of scripts.entries()) {
    trials.push(await runTrial(subject, script, random));
    if (place % 20 === 19) console.error(`${place + 1} of ${scripts.length} trials`);
  }
  return trials;
}

/** In a page of its own, with nothing else playing. */
async function costOf(browser: Browser, page: Page, url: string): Promise<PageCost> {
  await page.context().close();
  const other = await newVisitor(browser);
  await other.goto(url);
  const cost = await pageCost(other, url);
  await other.context().close();
  return cost;
}
