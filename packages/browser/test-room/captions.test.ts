// Tests for SPEC.md, "Captions", in a real room and a real browser.
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openPageSite, openRoomPage, type RoomPage } from '@oncue/testbed';
import { useRoomStage } from '@oncue/testbed/room_stage';
import { expect, it, vi } from 'vitest';
import type { HeardResponse } from '../src/captions/index.ts';
import { RoomAgent } from './support/room_agent.ts';

const SOON = { timeout: 20_000, interval: 50 };
const STORY =
  'A long story begins here, and it goes on and on until somebody stops it for good, or until it comes to its own end at last.';

interface View {
  readonly responses: readonly HeardResponse[];
  readonly agentState: string | undefined;
  readonly events: readonly string[];
  /** By the id of the response. */
  readonly most: Readonly<Record<string, number>>;
  readonly texts: readonly string[];
}

interface Places {
  readonly heardMs: number;
  readonly packetMs: number;
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const stage = useRoomStage(() =>
  openPageSite({
    main: here('page/captions.ts'),
    'reporter.worklet': here('../src/reporter/worklet/reporter.worklet.ts'),
  }),
);

async function openBoth(
  options: { readonly input?: { readonly closeOnDisconnect: false } } = {},
): Promise<{
  agent: RoomAgent;
  page: RoomPage;
  view: () => Promise<View>;
  join: () => Promise<void>;
}> {
  const { browser, site, server, network, room } = stage;
  const page = await openRoomPage({ browser, site, network });
  const join = (): Promise<void> => page.join(server, { room, identity: 'listener' });
  stage.closeLater(page);
  await join();
  const agent = await RoomAgent.join(server, { room, shareWithPage: { text: true }, ...options });
  stage.closeLater({ close: () => agent.leave() });
  await vi.waitFor(() => expect(agent.isListenedTo).toBe(true), SOON);
  return { agent, page, join, view: () => page.call<View>('view') };
}

it('[CP6] a response is heard word by word, and its text is in the end that of the agent', async () => {
  const { agent, view } = await openBoth();
  await agent.ask([STORY]).waitForPlayout();

  await vi.waitFor(async () => expect((await view()).responses[0]?.status).toBe('heard'), SOON);
  const { responses, events, texts, agentState } = await view();
  const [response] = responses;
  expect(response).toMatchObject({ text: STORY, heardText: STORY, isTextComplete: true });
  expect(response?.words.every(({ isEstimated }) => !isEstimated)).toBe(true);
  expect(events).toEqual([`response_started ${response?.id}`, `response_finished ${response?.id}`]);
  // Nearly every word was shown before the next one: some are shorter than a frame of a busy machine.
  expect(texts.length).toBeGreaterThan(15);
  expect(texts.every((text) => STORY.startsWith(text))).toBe(true);
  expect(agentState).toBe('listening');
});

it('[CP8] after an interruption the page keeps the words that were heard, and never showed one more', async () => {
  const { agent, view } = await openBoth();
  const speech = agent.ask([STORY]);
  await vi.waitFor(() => expect(agent.heardMs).toBeGreaterThan(1500), SOON);
  agent.session.interrupt();
  await speech.waitForPlayout();
  await vi.waitFor(() => expect(agent.of('response_playback_finished')).toHaveLength(1), SOON);
  await vi.waitFor(async () => expect((await view()).responses[0]?.status).toBe('cut'), SOON);

  const { responses, events, most } = await view();
  const [response] = responses;
  const [end] = agent.of('response_playback_finished');
  await vi.waitFor(
    async () => expect((await view()).responses[0]?.heardText).toBe(end?.heardText),
    SOON,
  );
  expect(response?.heardWords).toBeGreaterThan(2);
  expect(most[response?.id ?? '']).toBeLessThanOrEqual(response?.heardWords ?? 0);
  expect(events.at(-1)).toBe(`response_cut ${response?.id}`);
});

it('[CP2] a page that reloads in the middle of a response shows it again, from where it is', async () => {
  const { agent, page, join, view } = await openBoth({ input: { closeOnDisconnect: false } });
  agent.ask([STORY]);
  await vi.waitFor(() => expect(agent.heardMs).toBeGreaterThan(1500), SOON);
  await page.page.reload();
  await page.page.waitForFunction('globalThis.fixture !== undefined');
  await join();

  await vi.waitFor(async () => expect((await view()).responses[0]?.status).toBe('playing'), SOON);
  expect((await view()).responses[0]).toMatchObject({ text: STORY, isTextComplete: true });
  await vi.waitFor(async () => expect((await view()).responses[0]?.status).toBe('heard'), SOON);
  expect((await view()).responses[0]?.heardText).toBe(STORY);
});

it('[RP25] while the network is away and the browser fills the gap with sound of its own, no word passes', async () => {
  const { agent, page } = await openBoth();
  const places = (): Promise<Places> => page.call<Places>('places');
  const speech = agent.ask([STORY]);
  await vi.waitFor(() => expect(agent.heardMs).toBeGreaterThan(1500), SOON);
  const before = await places();
  await stage.network.outage(5000);
  // The browser fills a gap for some 0.4 s. Its sound is over when the playhead has not moved between two looks.
  let [last, now] = [before, await places()];
  while (now.heardMs !== last.heardMs) {
    await wait(300);
    [last, now] = [now, await places()];
  }
  await stage.network.outage(0);
  await speech.waitForPlayout();

  // What the packets had brought when they stopped was still to be heard, some 50 ms of it.
  const broughtMs = now.packetMs - before.packetMs;
  expect(now.heardMs - before.heardMs).toBeLessThan(broughtMs + 200);
});
