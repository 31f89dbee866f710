import { parseArgs } from 'node:util';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { seededRandom } from '../shared/random.ts';
import { learnSpeech, ReplayTTS } from '../shared/replay_tts.ts';
import { inRoomScene } from '../shared/room/scene.ts';
import { SHORT_SENTENCES, withSpace } from '../shared/sentences.ts';
import { startMemoryTalk } from './memory_talk.ts';
import { startRoomTalk } from './room_talk.ts';
import type { Talk } from './talk.ts';
import { judgeWindows, nextWindow, type PageMemory, WINDOWS, type Window } from './windows.ts';

const VOICE_SPEED = 1.2;
const SENTENCES = SHORT_SENTENCES.map(withSpace);

/**
 * Sessions that talk in real time without a break: each to a page in this process, which reports and is reloaded; or, with
 * `--room`, one in a room to a page in Chromium. The agents are interrupted now and then. Fails if heap, handles or
 * listeners grow, if a response has no end, or if a task of a response that started did not run.
 */
export async function soakBench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '120' },
      sessions: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      room: { type: 'boolean', default: false },
    },
  });
  const seconds = (Number(values.minutes) * 60) / WINDOWS;
  const seed = Number(values.seed);
  if (values.room) await inRoom(seconds, seed);
  else await inProcess(seconds, seed, Number(values.sessions));
}

async function inProcess(seconds: number, seed: number, sessions: number): Promise<void> {
  initializeLogger({ pretty: false, level: 'error' });
  const speaker = new ReplayTTS({ speed: VOICE_SPEED }, 'at_once');
  for (const text of SENTENCES) await learnSpeech(speaker, text);
  const talks: Talk[] = [];
  for (let n = 0; n < sessions; n += 1)
    talks.push(await startMemoryTalk(`session-${n}`, speaker, seededRandom(seed + n)));
  await talk(talks, { seconds, speaker, error: 'start error p95 ms' });
  await speaker.close();
  await dispose();
}

async function inRoom(seconds: number, seed: number): Promise<void> {
  await inRoomScene({ page: 'soak/page/soak.ts', voiceSpeed: VOICE_SPEED }, async (scene) => {
    const { speaker } = scene;
    for (const text of SENTENCES) await learnSpeech(speaker, text);
    const { talk: one, readPage } = await startRoomTalk(scene, seededRandom(seed));
    await talk([one], { seconds, speaker, readPage, error: 'bound of a start p95 ms' });
  });
}

async function talk(
  talks: readonly Talk[],
  {
    seconds,
    speaker,
    readPage,
    error,
  }: {
    readonly seconds: number;
    readonly speaker: ReplayTTS;
    readonly readPage?: () => Promise<PageMemory>;
    /** What the error of a start is called in the table. */
    readonly error: string;
  },
): Promise<void> {
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
  if (!judgeWindows(windows, seconds, error)) process.exitCode = 1;
}
