import { useRoomStage } from '@oncue/testbed/room_stage';
import { expect, it, vi } from 'vitest';
import { openReporterSite, ReportingPage } from './support/reporting_page.ts';
import { RoomAgent, type RoomAgentOptions } from './support/room_agent.ts';

const SOON = { timeout: 20_000, interval: 50 };
const TIMEOUT_MS = 120_000;
const STORY =
  'A long story begins here, and it goes on and on until somebody stops it for good, or until it comes to its own end at last.';

const stage = useRoomStage(openReporterSite);

async function openPage(): Promise<ReportingPage> {
  const { browser, site, server, network, room } = stage;
  const page = await ReportingPage.join({ browser, site, server, network, room });
  stage.closeLater(page);
  return page;
}

async function openAgent(options: Omit<RoomAgentOptions, 'room'> = {}): Promise<RoomAgent> {
  const input = { closeOnDisconnect: false };
  const agent = await RoomAgent.join(stage.server, { room: stage.room, input, ...options });
  stage.closeLater({ close: () => agent.leave() });
  return agent;
}

async function setMuted(page: ReportingPage, isMuted: boolean): Promise<void> {
  await page.inner.page.evaluate(`document.querySelector('audio').muted = ${isMuted}`);
}

const audibility = (agent: RoomAgent): string[] =>
  agent.of('audibility_changed').map((event) => event.audibility);

/** Until the newest response has been heard for so long. */
const untilHeard = (agent: RoomAgent, ms: number): Promise<void> =>
  vi.waitFor(() => expect(agent.heardMs).toBeGreaterThan(ms), SOON);

it('[AU3] a page that is muted in the middle of an answer has not heard what sounded meanwhile', async () => {
  const page = await openPage();
  const agent = await openAgent();
  await vi.waitFor(() => expect(agent.isListenedTo).toBe(true), SOON);
  const speech = agent.ask([STORY]);
  await untilHeard(agent, 1500);
  await setMuted(page, true);
  await vi.waitFor(() => expect(audibility(agent).at(-1)).toBe('muted'), SOON);
  const mutedAtMs = agent.oncue.nowMs();
  await vi.waitFor(() => expect(agent.oncue.nowMs() - mutedAtMs).toBeGreaterThan(1500), SOON);
  await setMuted(page, false);
  await speech.waitForPlayout();
  await vi.waitFor(() => expect(agent.of('response_playback_finished')).toHaveLength(1), SOON);

  const [end] = agent.of('response_playback_finished');
  expect(end).toMatchObject({ outcome: 'partly_heard', evidence: 'device' });
  expect(end?.inaudible).toMatchObject([{ why: 'muted' }]);
  const [gap] = end?.inaudible ?? [];
  expect((gap?.toMs ?? 0) - (gap?.fromMs ?? 0)).toBeGreaterThan(1400);
  const heard = end?.heardText.split(/\s+/) ?? [];
  const words = STORY.split(/\s+/);
  expect(heard.length).toBeLessThan(words.length - 2);
  expect([heard[0], heard.at(-1)]).toEqual([words[0], words.at(-1)]);
  await vi.waitFor(() => expect(agent.messages).toEqual([end?.heardText]), SOON);
});

it('[AU2] what plays only to a muted page is skipped, starts no task, and is not in the history', async () => {
  const page = await openPage();
  const agent = await openAgent();
  await vi.waitFor(() => expect(agent.isListenedTo).toBe(true), SOON);
  await setMuted(page, true);
  await vi.waitFor(() => expect(audibility(agent).at(-1)).toBe('muted'), SOON);
  await agent.ask(['One moment please. ', 'It is right behind you.']).waitForPlayout();
  await vi.waitFor(() => expect(agent.of('response_skipped')).toHaveLength(2), SOON);

  expect(agent.of('response_skipped').map(({ reason }) => reason)).toEqual(['muted', 'muted']);
  expect(agent.of('response_playback_started')).toEqual([]);
  expect(agent.tasks).toEqual([]);
  expect(agent.messages).toEqual([]);

  await setMuted(page, false);
  await vi.waitFor(() => expect(audibility(agent).at(-1)).toBe('listening'), SOON);
  await agent.ask(['Now you hear me.']).waitForPlayout();
  await vi.waitFor(() => expect(agent.messages).toEqual(['Now you hear me.']), SOON);
});

it('[AU8] an answer waits for a page that does not come, and is heard whole by one that comes later', async () => {
  const agent = await openAgent();
  const speech = agent.ask([STORY]);
  const askedAtMs = agent.oncue.nowMs();
  await vi.waitFor(() => expect(agent.oncue.nowMs() - askedAtMs).toBeGreaterThan(9000), SOON);
  expect(agent.of('response_playback_started')).toEqual([]);
  expect(agent.heardMs).toBe(0);
  expect(agent.tasks).toEqual([]);
  expect(agent.oncue.timeline.state.audibility).toBe('nobody');
  expect(agent.session.agentState).not.toBe('speaking');

  await openPage();
  await speech.waitForPlayout();
  await vi.waitFor(() => expect(agent.of('response_playback_finished')).toHaveLength(1), SOON);
  // If the last piece was missed, the end is an estimate [RP19].
  expect(agent.of('response_playback_finished')[0]).toMatchObject({
    outcome: 'heard',
    heardText: STORY,
  });
  expect(agent.tasks).toEqual([0]);
});

it('[AU8] if the application gives up waiting, the answer is skipped: nobody was there', async () => {
  const agent = await openAgent();
  const speech = agent.ask([STORY]);
  const askedAtMs = agent.oncue.nowMs();
  await vi.waitFor(() => expect(agent.oncue.nowMs() - askedAtMs).toBeGreaterThan(2000), SOON);
  agent.session.interrupt();
  await speech.waitForPlayout();

  await vi.waitFor(() => expect(agent.of('response_skipped')).toHaveLength(1), SOON);
  expect(agent.of('response_playback_started')).toEqual([]);
  expect(agent.messages).toEqual([]);
  await vi.waitFor(() => expect(agent.session.agentState).toBe('listening'), SOON);
});

it(
  '[AU4] a network that is gone for 30 s: what was said meanwhile was not heard, and what comes after it is',
  async () => {
    await openPage();
    const agent = await openAgent();
    await vi.waitFor(() => expect(agent.isListenedTo).toBe(true), SOON);
    await agent.ask(['Here I am.']).waitForPlayout();
    await vi.waitFor(() => expect(agent.of('response_playback_finished')).toHaveLength(1), SOON);

    await stage.network.outage(30_000);
    const goneAtMs = agent.oncue.nowMs();
    const speech = agent.ask([STORY]);
    const LATER = { timeout: 60_000, interval: 100 };
    await vi.waitFor(() => expect(audibility(agent)).toContain('silent'), LATER);
    await vi.waitFor(() => expect(agent.oncue.nowMs() - goneAtMs).toBeGreaterThan(30_500), LATER);
    await vi.waitFor(() => expect(agent.isListenedTo).toBe(true), LATER);
    await vi.waitFor(() => expect(audibility(agent).at(-1)).toBe('listening'), LATER);
    await speech.waitForPlayout();

    const said = agent.of('response_playback_finished').slice(1);
    for (const { evidence, heardMs } of said)
      expect({ evidence, isHeard: heardMs > 0 }).toEqual({ evidence: 'device', isHeard: true });
    // The page's connection is made anew in steps of seconds. Until that is over, the page may answer no ping.
    const settledMs = (): number => {
      const last = agent.of('audibility_changed').at(-1);
      return last?.audibility === 'listening' ? agent.oncue.nowMs() - last.atMs : 0;
    };
    await vi.waitFor(() => expect(settledMs()).toBeGreaterThan(6000), LATER);
    await agent.ask(['I am back.']).waitForPlayout();
    await vi.waitFor(
      () =>
        expect(agent.of('response_playback_finished').at(-1)).toMatchObject({
          outcome: 'heard',
          heardText: 'I am back.',
          evidence: 'device',
        }),
      SOON,
    );
  },
  TIMEOUT_MS,
);
