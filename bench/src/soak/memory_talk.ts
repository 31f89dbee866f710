import { attachOncue, SocketListener } from '@oncue/livekit';
import { BenchAgent } from '../shared/bench_agent.ts';
import type { ReplayTTS } from '../shared/replay_tts.ts';
import { newSession } from '../shared/session.ts';
import { MemoryPage } from './memory_page.ts';
import { Talk } from './talk.ts';

/** Turns that a page is open for. What it knows of their responses goes with it. */
const TURNS_OF_A_PAGE = 10;

/** Starts a session that talks to a page in this process, which is reloaded now and then. */
export async function startMemoryTalk(
  name: string,
  speaker: ReplayTTS,
  random: () => number,
): Promise<Talk> {
  const session = newSession(speaker);
  const listener = new SocketListener();
  const oncue = attachOncue(session, { listener });
  const agent = new BenchAgent(() => talk.noteTask());
  let page: MemoryPage | undefined;
  let pages = 0;
  const openPage = (): void => {
    page?.close();
    pages += 1;
    page = new MemoryPage(`${name}-${pages}`);
    listener.attachSocket(page);
    page.join();
  };
  const talk = new Talk({
    session,
    oncue,
    agent,
    random,
    beforeTurn: (turn) => {
      if (turn % TURNS_OF_A_PAGE === 0) openPage();
    },
    errorMs: (id, { startedAtMs }) => {
      const trueMs = page?.startOf(id);
      return trueMs === undefined ? undefined : Math.abs(startedAtMs - trueMs);
    },
    close: async () => {
      await session.close();
      await oncue.close();
      page?.close();
    },
  });
  await session.start({ agent });
  return talk;
}
