// Faults of networks, servers and participants, on a real LiveKit server and Chromium.
import { networkSeed, startBadNetwork, startLivekitServer } from '@oncue/testbed';
import { useRoomStage } from '@oncue/testbed/room_stage';
import { expect, it, vi } from 'vitest';
import {
  expectInOrder,
  goesOn,
  isHeardAgain,
  SOON,
  turnEnds,
  untilListenedTo,
} from './support/after_faults.ts';
import { AgentProcess } from './support/agent_process.ts';
import { expectWentOn, faultOf } from './support/going_on.ts';
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

/** An outage is over. */
async function untilPacketsPass(): Promise<void> {
  const delivered = async (): Promise<number> => {
    const { counts } = await stage.network.counts();
    return Math.min(counts.toServer.deliveredCount, counts.toClient.deliveredCount);
  };
  const before = await delivered();
  await vi.waitFor(async () => expect(await delivered()).toBeGreaterThan(before), SOON);
}

it('[FT8] 3 % of the packets are lost, with 60 ms of jitter', LONG, async ({ annotate }) => {
  const { browser, site, server, room } = stage;
  const seed = networkSeed();
  await annotate(`the seed of the network: ${seed}`);
  const serverUdpPort = server.udpPort;
  const network = await startBadNetwork({ serverUdpPort, conditions: 'bad', seed });
  stage.closeLater(network);
  stage.closeLater(await ReportingPage.join({ browser, site, server, network, room }));
  const agent = await openAgent();
  const { said } = await inMidResponse(agent);
  await said;

  await turnEnds(agent);
  expect(agent.of('response_playback_finished').map(({ heardText }) => heardText)).toEqual(TURN);
});

it.for([1000, 5000])(
  '[FT8][FT12] the network of the page is away for %d ms',
  LONG,
  async (ms, { annotate }) => {
    await openPage();
    const agent = await openAgent();
    const { said } = await inMidResponse(agent);
    const fault = await faultOf(async () => {
      await stage.network.outage(ms);
      await untilPacketsPass();
    });
    await said;

    await annotate(await goesOn(agent, fault));
  },
);

it(
  '[FT8][FT12] the page leaves for good, another one comes, leaves, and a third one comes',
  LONG,
  async ({ annotate }) => {
    const first = await openPage('first');
    const agent = await openAgent({ ...STAYS, audience: 'any' });
    const { said } = await inMidResponse(agent);
    // Closed without a word: the agent can only notice that it does not answer, which is no part of the limit.
    const noticed = faultOf(async () => {
      await first.close();
      await vi.waitFor(() => expect(agent.hasMissedListener).toBe(true), SOON);
    });
    const second = await openPage('second');
    await said;
    await annotate(await goesOn(agent, await noticed));

    await second.close();
    await vi.waitFor(() => expect(agent.isListenedTo).toBe(false), SOON);
    await openPage('third');
    await isHeardAgain(agent);
  },
);

it('[FT8][FT12] the audio context of the page is suspended', LONG, async ({ annotate }) => {
  const page = await openPage();
  const agent = await openAgent();
  const { said } = await inMidResponse(agent);
  const fault = await faultOf(async () => {
    await page.inner.call('suspend');
    await vi.waitFor(() => expect(agent.isListenedTo).toBe(false), SOON);
    await page.inner.call('resume');
  });
  await said;

  await annotate(await goesOn(agent, fault));
});

it(
  '[FT8][FT12] the server is killed, and is back once the agent has noticed',
  LONG,
  async ({ annotate }) => {
    const { room, browser, site } = stage;
    const server = await startLivekitServer();
    stage.closeLater({ close: () => server.stop() });
    const page = await ReportingPage.join({ browser, site, server, room });
    stage.closeLater(page);
    const agent = await RoomAgent.join(server, { room, ...STAYS });
    stage.closeLater({ close: () => agent.leave() });
    const { said } = await inMidResponse(agent);
    const fault = await faultOf(async () => {
      await server.stop();
      await vi.waitFor(() => expect(agent.isListenedTo).toBe(false), SOON);
      const next = await startLivekitServer(server);
      stage.closeLater({ close: () => next.stop() });
    });
    await said;

    await annotate(await goesOn(agent, fault));
  },
);

it('[FT11][FT12] the process of the agent is stopped for 3 s', LONG, async ({ annotate }) => {
  await openPage();
  const agent = await AgentProcess.start(stage.server, { room: stage.room, script: TURN });
  stage.closeLater(agent);
  await agent.untilHeard();
  const fault = await faultOf(() => agent.stopFor(3000));
  await agent.untilEnded(TURN.length);

  expectInOrder(agent);
  const heard = agent.of('response_playback_finished').map(({ heardText }) => heardText);
  expect(heard).toEqual(TURN);
  await annotate(expectWentOn(agent.events, fault, 0));
});

it(
  '[FT9] the process of the agent is killed, and another agent takes its place',
  LONG,
  async () => {
    const page = await openPage();
    const script = [STORY.repeat(10)];
    const killed = await AgentProcess.start(stage.server, { room: stage.room, script });
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
