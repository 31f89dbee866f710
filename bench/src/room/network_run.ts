import { loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type LivekitServer,
  MonitorRecorder,
  openRoomPage,
  type PageSite,
  type RoomPage,
  type SoundSink,
  startBadNetwork,
} from '@oncue/testbed';
import type { Browser } from 'playwright-core';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { type ClockCheck, checkClock } from '../shared/machine_clock.ts';
import type { ReplayTTS } from '../shared/replay_tts.ts';
import { joinRoom, LISTENER } from '../shared/room/join_room.ts';
import { median } from '../shared/stats.ts';
import { ofDevice, type RoomRecording, takeRecording } from '../shared/truth/recording.ts';
import { type Arm, nameOf } from './arms.ts';
import { watchStolenTime } from './machine/stolen_time.ts';
import { applyNetwork } from './networks.ts';
import { type OncueSide, type StockSide, startOncue, startStock } from './sides.ts';
import {
  cutScripts,
  durationMs,
  inBlocks,
  runTrial,
  type Script,
  type Speaking,
  startScripts,
  type Trial,
} from './trials.ts';
import { measureUsage, type Usage, usage } from './usage.ts';

/** How much is measured in a run. */
export interface Wish {
  readonly responses: number;
  readonly stockResponses: number;
  readonly cuts: number;
}

/** What all networks share. */
export interface Stage {
  readonly server: LivekitServer;
  readonly browser: Browser;
  /** The browser's sound device, if it is recorded too. */
  readonly sink: SoundSink | undefined;
  readonly site: PageSite;
  readonly speaker: ReplayTTS;
  readonly known: readonly KnownSpeech[];
  readonly random: () => number;
  readonly awakeCoreCount: number;
  /** Cores that agents and server leave to the browser; 0 if they share all. */
  readonly leftCoreCount: number;
}

/** The results of a run on one network. */
export interface NetworkRun {
  /** Of its arm. */
  readonly name: string;
  readonly oncue: readonly Trial[];
  readonly stock: readonly Trial[];
  readonly trace: string;
  readonly predicted: OncueSide['predicted'];
  /** Time to heard as `@oncue/otel` exported it, ms by the id of the speech. */
  readonly exportedWaitMs: Readonly<Record<string, number>>;
  readonly stockStartedAtMs: readonly number[];
  /** What the page gave to its output. */
  readonly recording: RoomRecording;
  /** What the sound device played, if it was recorded. */
  readonly device?: RoomRecording;
  readonly clock: ClockCheck;
  readonly clockAtEnd: ClockCheck;
  readonly oneWayMs: number;
  /** `states`: Oncue with a state queued between two responses, which LiveKit tells the room; it has no counterpart in `stock`. */
  readonly cpu: Readonly<Record<'oncue' | 'states' | 'stock' | 'idle', Usage>>;
  readonly load: number;
  /** Delay of the event loop of the agents' process: no event can be more punctual. */
  readonly loopDelayMs: { readonly p99: number; readonly max: number };
  /** Share of one processor that the host took away from this machine; NaN where it is not known. */
  readonly stolenShare: number;
  /** Cores of this machine that did not sleep. */
  readonly awakeCoreCount: number;
  readonly leftCoreCount: number;
  readonly page: PageView;
  readonly inbound: readonly Record<string, unknown>[];
}

/** What the page says of its reporter. */
export interface PageView {
  readonly state?: string;
  readonly stats?: { readonly foundCount: number; readonly missedCount: number };
  readonly errors: readonly string[];
}

const BLOCK = 20;

/** Pause between the two agents: what one has sent has sounded before the other speaks. */
const CHANGE_MS = 600;
/** Both agents are in the room and say nothing: before each turn of blocks, since the machine's pace changes. */
const IDLE_MS = 2500;
const LISTENING_MS = 15_000;
const PINGS = { count: 60, everyMs: 25 };

export async function runNetwork(stage: Stage, arm: Arm, wish: Wish): Promise<NetworkRun> {
  const { server, browser, site, speaker } = stage;
  const way = await startBadNetwork({ serverUdpPort: server.udpPort });
  const endChanges = await applyNetwork(way, arm.network);
  const name = nameOf(arm);
  const hasCaptions = arm.part?.captions === 'on';
  const roomName = `bench-${name}`;
  const rooms = {
    oncue: await joinRoom(server, roomName, 'oncue'),
    stock: await joinRoom(server, roomName, 'stock'),
  };
  const page = await openRoomPage({ browser, site, network: way });
  const sides: (OncueSide | StockSide)[] = [];
  try {
    if (hasCaptions) await page.call('showCaptions');
    await page.join(server, { room: roomName, identity: LISTENER });
    const oncue = await startOncue(rooms.oncue, speaker, { text: hasCaptions });
    sides.push(oncue);
    const stock = await startStock(rooms.stock, speaker);
    sides.push(stock);
    await untilListening(page);
    const run = { name, ...(await runSides(stage, { page, oncue, stock, name }, wish)) };
    if (hasCaptions && (await page.call<number>('markedResponseCount')) === 0)
      throw new Error('the page has marked no word of a caption');
    return run;
  } finally {
    endChanges();
    for (const side of sides) await side.close();
    await page.close();
    await way.close();
  }
}

interface Cast {
  readonly page: RoomPage;
  readonly oncue: OncueSide;
  readonly stock: StockSide;
  readonly name: string;
}

async function runSides(
  stage: Stage,
  { page, oncue, stock, name }: Cast,
  wish: Wish,
): Promise<Omit<NetworkRun, 'name'>> {
  const { known, random } = stage;
  const recorder = stage.sink && (await MonitorRecorder.start(stage.sink));
  const clock = await checkClock(page.page);
  const trips = await page.call<number[]>('roundTripsMs', PINGS);
  await warmUp([oncue, stock], known);
  const cpu = { oncue: usage(), states: usage(), stock: usage(), idle: usage() };
  // Its timer takes processor time, also while nobody speaks.
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const takeStolenShare = await watchStolenTime();
  const trials = { oncue: [] as Trial[], stock: [] as Trial[] };
  const ours = inBlocks(startScripts(known, wish.responses, random), BLOCK);
  const theirsAtOnce = (BLOCK * wish.stockResponses) / wish.responses;
  const theirs = inBlocks(startScripts(known, wish.stockResponses, random), theirsAtOnce);
  for (let turn = 0; turn < Math.max(ours.length, theirs.length); turn += 1) {
    await measureUsage(cpu.idle, () => delay(IDLE_MS));
    oncue.agent.queuesStates = turn % 2 === 0;
    const used = oncue.agent.queuesStates ? cpu.states : cpu.oncue;
    trials.oncue.push(...(await runBlock(oncue, ours[turn] ?? [], used)));
    trials.stock.push(...(await runBlock(stock, theirs[turn] ?? [], cpu.stock)));
    console.error(`${name}: block ${turn + 1} of ${ours.length}, load ${loadavg()[0]?.toFixed(1)}`);
  }
  oncue.agent.queuesStates = true;
  trials.oncue.push(...(await runBlock(oncue, cutScripts(known, wish.cuts, random), usage())));
  loop.disable();
  const stolenShare = await takeStolenShare();
  const load = loadavg()[0] ?? Number.NaN;
  const clockAtEnd = await checkClock(page.page);
  const device = recorder && ofDevice(recorder.stop());
  return {
    ...trials,
    trace: oncue.trace.join(''),
    predicted: oncue.predicted,
    exportedWaitMs: oncue.timeToHeard.bySpeech,
    stockStartedAtMs: stock.startedAtMs,
    recording: await takeRecording(page, clock),
    ...(device ? { device } : {}),
    clock,
    clockAtEnd,
    oneWayMs: median(trips) / 2,
    cpu,
    load,
    loopDelayMs: { p99: loop.percentile(99) / 1e6, max: loop.max / 1e6 },
    stolenShare,
    awakeCoreCount: stage.awakeCoreCount,
    leftCoreCount: stage.leftCoreCount,
    page: await page.call<PageView>('view'),
    inbound: await page.inboundAudio(),
  };
}

async function runBlock(side: Speaking, scripts: readonly Script[], used: Usage): Promise<Trial[]> {
  const trials: Trial[] = [];
  await measureUsage(used, async () => {
    for (const script of scripts) trials.push(await runTrial(side, script));
  });
  for (const { responses } of scripts)
    for (const response of responses) used.speechMs += durationMs(response);
  await delay(CHANGE_MS);
  return trials;
}

/** One turn on each side that does not count: code is compiled, the delay is learned, the jitter buffer fills. */
async function warmUp(sides: readonly Speaking[], known: readonly KnownSpeech[]): Promise<void> {
  for (const side of sides) {
    await runTrial(side, { responses: known.slice(0, 1), silenceMs: 500 });
    await delay(CHANGE_MS);
  }
}

/** @throws Error with the reporter's state if it does not listen in time. */
export async function untilListening(page: RoomPage): Promise<void> {
  const endMs = performance.now() + LISTENING_MS;
  for (;;) {
    const view = await page.call<PageView>('view');
    if (view.state === 'listening') return;
    if (performance.now() > endMs)
      throw new Error(
        `the page does not listen: ${JSON.stringify(view)} ${page.errors.join('; ')}`,
      );
    await delay(100);
  }
}
