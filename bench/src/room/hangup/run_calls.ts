import { setTimeout as delay } from 'node:timers/promises';
import { openRoomPage, type RoomPage, startBadNetwork } from '@oncue/testbed';
import type { KnownSpeech } from '../../shared/find_speech.ts';
import { checkClock } from '../../shared/machine_clock.ts';
import { seededRandom } from '../../shared/random.ts';
import { learnSpeech } from '../../shared/replay_tts.ts';
import { joinRoom, LISTENER } from '../../shared/room/join_room.ts';
import type { RoomScene } from '../../shared/room/scene.ts';
import { takeRecording } from '../../shared/truth/recording.ts';
import { SessionTrace } from '../session_trace.ts';
import { TEXTS } from '../trials.ts';
import { patternsOf, TruthFinder } from '../truth/truth.ts';
import { type Call, callScripts, runCall, startCaller } from './calls.ts';
import type { HeardCall } from './judge_calls.ts';

export interface CallWish {
  readonly calls: number;
  readonly bargeIns: number;
  readonly seed: number;
  readonly onCall?: (place: number) => void;
}

const LISTENING_MS = 15_000;

/** Makes calls in one room, one after the other, and finds what the page played of each goodbye. */
export async function runCalls(scene: RoomScene, wish: CallWish): Promise<readonly HeardCall[]> {
  const { server, browser, site, speaker } = scene;
  const random = seededRandom(wish.seed);
  const known: KnownSpeech[] = [];
  for (const text of TEXTS) known.push(await learnSpeech(speaker, text));
  const network = await startBadNetwork({ serverUdpPort: server.udpPort });
  const page = await openRoomPage({ browser, site, network });
  const room = await joinRoom(server, 'hangup', 'oncue');
  const caller = await startCaller(room, speaker);
  try {
    await page.join(server, { room: 'hangup', identity: LISTENER });
    await untilListening(page);
    const clock = await checkClock(page.page);
    const calls: Call[] = [];
    for (const script of callScripts(known, wish, random)) {
      calls.push(await runCall(caller, network, script));
      wish.onCall?.(calls.length);
    }
    await network.set('clean');
    const finder = new TruthFinder(await takeRecording(page, clock), patternsOf(known));
    const trace = new SessionTrace(caller.trace.join(''));
    return calls.map((call) => {
      const left = call.script.responses.map((_, at) => trace.of(call.speechId, at)?.leavesAtMs);
      return { call, truths: finder.find(call, left) };
    });
  } finally {
    await caller.close();
    await page.close();
    await network.close();
  }
}

/** @throws Error with what the page says, if its reporter does not listen in time. */
async function untilListening(page: RoomPage): Promise<void> {
  const endMs = performance.now() + LISTENING_MS;
  for (;;) {
    const view = await page.call<{ readonly state?: string }>('view');
    if (view.state === 'listening') return;
    if (performance.now() > endMs) throw new Error(`the page does not listen: ${view.state}`);
    await delay(100);
  }
}
