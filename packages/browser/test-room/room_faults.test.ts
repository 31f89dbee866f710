// Faults of networks, servers and participants, on a real LiveKit server and Chromium.
import { setTimeout as wait } from 'node:timers/promises';
import { startLivekitServer } from '@oncue/testbed';
import { useRoomStage } from '@oncue/testbed/room_stage';
import { expect, it, vi } from 'vitest';
import { goesOn, SOON, turnEnds, untilListenedTo } from './support/after_faults.ts';
import { AgentProcess } from './support/agent_process.ts';
import { openReporterSite, ReportingPage } from './support/reporting_page.ts';
import { RoomAgent, type RoomAgentOptions } from './support/room_agent.ts';

const LONG = { timeout: 120_000 };
const STORY = 'A long story begins here, and it goes on and on until it comes to its end.';
const AFTER_IT = 'That was all.';
const TURN = [STORY, AFTER_IT];
/** The session outlives its listener, as in an application that waits for one to come back. */
const STAYS = { input: { closeOnDisconnect: false }, awayAfterMs: 3000 };

const stage = useRoomStage(openReporterSite);

async function openPage(identity = 'listener'): Promise<ReportingPage> {
  const { browser, site, server, network, room } = stage;
  const page = await ReportingPage.join({ browser, site, server, network, room, identity });
  stage.closeLater(page);
  return page;
}

async function openAgent(options: Omit<RoomAgentOptions, 'room'> = STAYS): Promise<RoomAgent> {
  const agent = await RoomAgent.join(stage.server, { room: stage.room, ...options });
  stage.closeLater({ close: () => agent.leave() });
  return agent;
}

/** Asks for two responses. @returns In the middle of the first. */
async function inMidResponse(agent: RoomAgent): Promise<{ said: Promise<unknown> }> {
  await untilListenedTo(agent);
  const said = agent.ask(TURN).waitForPlayout();
  await vi.waitFor(() => expect(agent.heardMs).toBeGreaterThan(500), SOON);
  return { said };
}

it('[FT8] 3 % of the packets are lost, with 60 ms of jitter', LONG, async () => {
  await stage.network.set('bad');
  await openPage();
  const agent = await openAgent();
  const { said } = await inMidResponse(agent);
  await said;

  await turnEnds(agent);
  expect(agent.of('response_playback_finished').map(({ heardText }) => heardText)).toEqual(TURN);
});

it.each([1000, 5000])('[FT8] the network of the page is away for %d ms', LONG, async (ms) => {
  await openPage();
  const agent = await openAgent();
  const { said } = await inMidResponse(agent);
  await stage.network.outage(ms);
  await wait(ms);
  await said;

  await goesOn(agent);
});

it(
  '[FT8] the page leaves for good, another one comes, leaves, and a third one comes',
  LONG,
  async () => {
    const first = await openPage('first');
    const agent = await openAgent({ ...STAYS, audience: 'any' });
    const { said } = await inMidResponse(agent);
    await first.close();
    const second = await openPage('second');
    await said;
    await goesOn(agent);

    await second.close();
    await vi.waitFor(() => expect(agent.isListenedTo).toBe(false), SOON);
    await openPage('third');
    await goesOn(agent);
  },
);

it('[FT8] the server is killed, and is back a second later', LONG, async () => {
  const { room, browser, site } = stage;
  const server = await startLivekitServer();
  stage.closeLater({ close: () => server.stop() });
  const page = await ReportingPage.join({ browser, site, server, room });
  stage.closeLater(page);
  const agent = await RoomAgent.join(server, { room, ...STAYS });
  stage.closeLater({ close: () => agent.leave() });
  const { said } = await inMidResponse(agent);
  await server.stop();
  await wait(1000);
  const next = await startLivekitServer(server);
  stage.closeLater({ close: () => next.stop() });
  await said;

  await goesOn(agent);
});

it(
  '[FT9] the process of the agent is killed, and another agent takes its place',
  LONG,
  async () => {
    const page = await openPage();
    const killed = await AgentProcess.start(stage.server, stage.room);
    stage.closeLater(killed);
    await killed.untilHeard();
    const ofKilled = (await page.view()).reports.map(({ responseId }) => responseId);
    await killed.kill();
    const agent = await openAgent();
    await (await inMidResponse(agent)).said;

    await turnEnds(agent);
    const heard = agent.of('response_playback_finished');
    expect(heard.map(({ heardText }) => heardText)).toEqual(TURN);
    const ids = heard.map(({ responseId }) => responseId);
    expect(ofKilled.filter((id) => ids.includes(id))).toEqual([]);
  },
);

it('[FT10] two agents and three pages in a room', LONG, async () => {
  for (const identity of ['a', 'b', 'c']) await openPage(identity);
  const agents = [
    await openAgent({ identity: 'one', audience: 'any' }),
    await openAgent({ identity: 'two', audience: 'any' }),
  ];
  for (const agent of agents) await untilListenedTo(agent);
  await Promise.all(agents.map((agent) => agent.ask(TURN).waitForPlayout()));

  for (const agent of agents) {
    await turnEnds(agent);
    const heard = agent.of('response_playback_finished').map(({ heardText }) => heardText);
    expect(heard).toEqual(TURN);
  }
});
