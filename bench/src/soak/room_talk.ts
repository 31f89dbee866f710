import { setTimeout as delay } from 'node:timers/promises';
import { attachOncue } from '@oncue/livekit';
import { openRoomPage, type RoomPage } from '@oncue/testbed';
import { BenchAgent } from '../shared/bench_agent.ts';
import { joinRoom, LISTENER } from '../shared/room/join_room.ts';
import type { RoomScene } from '../shared/room/scene.ts';
import { newSession } from '../shared/session.ts';
import { Talk } from './talk.ts';
import type { PageMemory } from './windows.ts';

const ROOM = 'soak';
const LISTENING_MS = 15_000;

/** A session that talks in a room of a LiveKit server to one page in Chromium, which stays open. */
export async function startRoomTalk(
  { server, browser, site, speaker }: RoomScene,
  random: () => number,
): Promise<{ readonly talk: Talk; readonly readPage: () => Promise<PageMemory> }> {
  const page = await openRoomPage({ browser, site });
  const room = await joinRoom(server, ROOM, 'oncue');
  const session = newSession(speaker);
  const oncue = attachOncue(session, { room, audience: { identity: LISTENER } });
  const agent = new BenchAgent(() => talk.noteTask());
  const talk = new Talk({
    session,
    oncue,
    agent,
    random,
    errorMs: (_, { errorBoundMs }) => errorBoundMs,
    close: async () => {
      await session.close();
      await room.disconnect();
      await page.close();
    },
  });
  const inputOptions = { audioEnabled: false, participantIdentity: LISTENER } as const;
  await session.start({ agent, room, inputOptions });
  await page.join(server, { room: ROOM, identity: LISTENER });
  await untilListening(page);
  return { talk, readPage: await memoryReader(page) };
}

/** @throws Error with what the page says, if its reporter does not listen in time. */
async function untilListening(page: RoomPage): Promise<void> {
  const endMs = performance.now() + LISTENING_MS;
  for (;;) {
    const state = await page.call<string | undefined>('state');
    if (state === 'listening') return;
    if (performance.now() > endMs) throw new Error(`the page does not listen: ${state}`);
    await delay(100);
  }
}

/** Reads what a page holds, through the browser's own protocol for developer tools. */
async function memoryReader({ page }: RoomPage): Promise<() => Promise<PageMemory>> {
  const tools = await page.context().newCDPSession(page);
  await tools.send('Performance.enable');
  return async () => {
    await tools.send('HeapProfiler.collectGarbage');
    const { metrics } = await tools.send('Performance.getMetrics');
    const of = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
    return { heapMb: of('JSHeapUsedSize') / 1e6, listeners: of('JSEventListeners') };
  };
}
