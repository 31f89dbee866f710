import { parseArgs } from 'node:util';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { wrongArgument } from '../../../scripts/run_with_usage.mjs';
import { seededRandom } from '../shared/random.ts';
import { learnSpeech, ReplayTTS } from '../shared/replay_tts.ts';
import { inRoomScene } from '../shared/room/scene.ts';
import { SHORT_SENTENCES, withSpace } from '../shared/sentences.ts';
import { startMemoryTalk } from './memory_talk.ts';
import { plainGrowth } from './plain_growth.ts';
import { startPlainTalk } from './plain_talk.ts';
import { startRoomTalk } from './room_talk.ts';
import type { Talk } from './talk.ts';
import { judgeWindows, nextWindow, type PageMemory, WINDOWS, type Window } from './windows.ts';

const VOICE_SPEED = 1.2;
const SENTENCES = SHORT_SENTENCES.map(withSpace);

/** The baseline runs so much shorter, beside the run. */
const PLAIN_SHARE = 1 / 6;

/**
 * Sessions that talk in real time without a break: each to a page in this process, which reports and is reloaded; or, with
 * `--room`, one in a room to a page in Chromium; or, with `--plain`, of LiveKit alone. The agents are interrupted now and
 * then. Fails if the heap grows by more than that of LiveKit alone, if handles or listeners grow, if a response has no end,
 * or if a task of a response that started did not run.
 */
export async function soakBench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '120' },
      sessions: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      room: { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
    },
  });
  if (values.room && values.plain)
    throw wrongArgument('--plain runs without a room; leave --room or --plain out');
  const minutes = Number(values.minutes);
  const sessions = values.room ? 1 : Number(values.sessions);
  const of = { minutes, sessions, seed: Number(values.seed), isPlain: values.plain };
  if (values.room) await inRoom(of);
  else await inProcess(of);
}

/** Which run. */
interface Order {
  readonly minutes: number;
  readonly sessions: number;
  readonly seed: number;
  /** Of LiveKit alone. */
  readonly isPlain: boolean;
}

async function inProcess(order: Order): Promise<void> {
  initializeLogger({ pretty: false, level: 'error' });
  const speaker = new ReplayTTS({ speed: VOICE_SPEED }, 'at_once');
  for (const text of SENTENCES) await learnSpeech(speaker, text);
  const { sessions, seed, isPlain } = order;
  const talks: Talk[] = [];
  for (let n = 0; n < sessions; n += 1)
    talks.push(
      isPlain
        ? await startPlainTalk(speaker, seededRandom(seed + n))
        : await startMemoryTalk(`session-${n}`, speaker, seededRandom(seed + n)),
    );
  await talk(talks, order, { speaker, error: 'start error p95 ms' });
  await speaker.close();
  await dispose();
}

async function inRoom(order: Order): Promise<void> {
  await inRoomScene({ page: 'soak/page/soak.ts', voiceSpeed: VOICE_SPEED }, async (scene) => {
    const { speaker } = scene;
    for (const text of SENTENCES) await learnSpeech(speaker, text);
    const { talk: one, readPage } = await startRoomTalk(scene, seededRandom(order.seed));
    await talk([one], order, { speaker, readPage, error: 'bound of a start p95 ms' });
  });
}

async function talk(
  talks: readonly Talk[],
  { minutes, sessions, isPlain }: Order,
  {
    speaker,
    readPage,
    error,
  }: {
    readonly speaker: ReplayTTS;
    readonly readPage?: () => Promise<PageMemory>;
    /** What the error of a start is called in the table. */
    readonly error: string;
  },
): Promise<void> {
  const seconds = (minutes * 60) / WINDOWS;
  const baseline = isPlain ? 0 : plainGrowth(minutes * PLAIN_SHARE, sessions);
  let isOver = false;
  const runs = talks.map((one) => one.run(SENTENCES, () => isOver));
  const windows: Window[] = [];
  for (let n = 0; n < WINDOWS; n += 1) {
    windows.push(await nextWindow(talks, seconds, readPage));
    speaker.handedOut.length = 0;
    console.error(`window ${n + 1} of ${WINDOWS}: ${JSON.stringify(windows.at(-1))}`);
  }
  isOver = true;
  await Promise.all(runs);
  for (const one of talks) await one.close();
  const isGood = judgeWindows(windows, { seconds, error, plainPerTurnKb: await baseline });
  if (!(isGood || isPlain)) process.exitCode = 1;
}
