import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { type LivekitServer, startLivekitServer } from '@oncue/testbed';
import type { KnownSpeech } from '../../shared/find_speech.ts';
import { startListener } from '../../shared/listener.ts';
import { learnSpeech, ReplayTTS } from '../../shared/replay_tts.ts';
import { joinRoom, LISTENER } from '../../shared/room/join_room.ts';
import { startOncue, startStock } from '../sides.ts';
import { runTrial, type Speaking } from '../trials.ts';
import type { CostRun, Kind } from './cost_run.ts';
import { printCost } from './print_cost.ts';
import { countTraffic } from './traffic.ts';

/** A turn: two short responses and two long ones, and a silence after it. */
const TEXTS = [
  'Let me look that up. ',
  'The next train to the harbour leaves at nine from the platform on your left. ',
  'One moment, please. ',
  'I found three tables for tonight, and the one by the window is the quiet one. ',
];
const SILENCE_MS = 700;
const IDLE_MS = 5000;
const VOICE_SPEED = 1.5;

/** Turns on each side before anything counts: code is compiled, the clock and the delay are learned. */
const WARM_UPS = 3;

/** What is measured in each round. */
const KINDS: readonly Kind[] = ['oncue', 'states', 'stock'];

interface Stage {
  readonly sides: Readonly<Record<Kind, Speaking>>;
  readonly known: readonly KnownSpeech[];
  readonly speaking: Counting;
  readonly silent: Counting;
}

type Counting = ReturnType<ReturnType<typeof countTraffic>>;

/**
 * What Oncue costs in a room beside LiveKit's own output, without a browser: a listener that reports as a page does, in a
 * process of its own. All sides alternate in one process, so their ratio can be compared on a busy machine too.
 */
export async function costBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: 'string', default: '6' } },
  });
  initializeLogger({ pretty: false, level: 'error' });
  const server = await startLivekitServer();
  const speaker = new ReplayTTS({ speed: VOICE_SPEED }, 'at_once');
  try {
    const known: KnownSpeech[] = [];
    for (const text of TEXTS) known.push(await learnSpeech(speaker, text));
    printCost(await run(server, speaker, known, Number(values.rounds)));
  } finally {
    await speaker.close();
    await server.stop();
    await dispose();
  }
}

async function run(
  server: LivekitServer,
  speaker: ReplayTTS,
  known: readonly KnownSpeech[],
  roundCount: number,
): Promise<CostRun> {
  const rooms = {
    oncue: await joinRoom(server, 'oncue', 'oncue'),
    stock: await joinRoom(server, 'stock', 'stock'),
  };
  const traffic = countTraffic(rooms.oncue);
  const listeners = [
    await startListener(server, 'oncue', LISTENER),
    await startListener(server, 'stock', LISTENER),
  ];
  const oncue = await startOncue(rooms.oncue, speaker);
  const stock = await startStock(rooms.stock, speaker);
  const sides = { oncue, stock, states: oncue };
  const stage: Stage = { sides, known, speaking: traffic(), silent: traffic() };
  const rounds: Record<Kind, number>[] = [];
  const idle: number[] = [];
  for (let count = 0; count < WARM_UPS; count += 1)
    for (const kind of KINDS) await speak(stage, kind);
  for (let count = 0; count < roundCount; count += 1) {
    const round = await measureRound(stage, count);
    rounds.push(round.above);
    idle.push(round.idleMs * 1000);
    console.error(`round ${count + 1} of ${roundCount}, load ${loadavg()[0]?.toFixed(1)}`);
  }
  for (const one of listeners) one.disconnect();
  for (const side of [oncue, stock]) await side.close();
  const { speaking, silent } = stage;
  const load = loadavg()[0] ?? Number.NaN;
  return { rounds, idle, speaking: speaking.traffic, silent: silent.traffic, load };
}

/** The sides take turns in which of them is first. */
async function measureRound(
  stage: Stage,
  count: number,
): Promise<{ readonly above: Record<Kind, number>; readonly idleMs: number }> {
  stage.silent.resume();
  const idle = await spentIn(() => delay(IDLE_MS));
  stage.silent.stop();
  const idleMs = idle.cpuMs / idle.lastedMs;
  const speechMs = stage.known.reduce((sum, { samples }) => sum + samples.length / 24, 0);
  const above = { oncue: 0, states: 0, stock: 0 };
  for (const place of KINDS.keys()) {
    const kind = KINDS[(place + count) % KINDS.length] as Kind;
    if (kind === 'oncue') stage.speaking.resume();
    const spent = await spentIn(() => speak(stage, kind));
    if (kind === 'oncue') stage.speaking.stop();
    above[kind] = ((spent.cpuMs - idleMs * spent.lastedMs) * 1000) / speechMs;
  }
  return { above, idleMs };
}

async function speak({ sides, known }: Stage, kind: Kind): Promise<void> {
  const side = sides[kind];
  side.agent.queuesStates = kind === 'states';
  await runTrial(side, { responses: known, silenceMs: SILENCE_MS });
}

/** Processor time of this process, all threads. */
async function spentIn(
  work: () => Promise<void>,
): Promise<{ readonly cpuMs: number; readonly lastedMs: number }> {
  const before = process.cpuUsage();
  const fromMs = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, lastedMs: performance.now() - fromMs };
}
