// The network of a page is away for long, on a real LiveKit server and Chromium.
import { setTimeout as wait } from 'node:timers/promises';
import { startBadNetwork } from '@oncue/testbed';
import { useRoomStage } from '@oncue/testbed/room_stage';
import { expect, it, vi } from 'vitest';
import { expectOnlyConfirmed, SOON, turnEnds, untilListenedTo } from './support/after_faults.ts';
import { expectWentOn, faultOf } from './support/going_on.ts';
import { ranMs } from './support/own_process.ts';
import { openReporterSite, ReportingPage } from './support/reporting_page.ts';
import { RoomAgent } from './support/room_agent.ts';

const TURN = [
  'A long story begins here, and it goes on and on until it comes to its end.',
  'That was all.',
];
const AWAY_MS = 30_000;
const FOR_GOOD_MS = 3_600_000;
const CLOSE_DEADLINE_MS = 500;
/** What `close` may take beyond its deadline [FT6]. */
const LATE_MS = 1000;

const stage = useRoomStage(openReporterSite);

interface Place {
  readonly agent: RoomAgent;
  /** Resolves at the end of the outage. */
  readonly back: Promise<void>;
  readonly figure: string;
}

/** A page loses its network in mid-response, and the turn ends without it. */
async function loseNetwork(name: string, awayMs: number): Promise<Place> {
  const { browser, site, server } = stage;
  const room = `${stage.room}-${name}`;
  const network = await startBadNetwork({ serverUdpPort: server.udpPort });
  stage.closeLater(network);
  const page = await ReportingPage.join({ browser, site, server, network, room });
  stage.closeLater(page);
  const agent = await RoomAgent.join(server, {
    room,
    awayAfterMs: 3000,
    closeDeadlineMs: CLOSE_DEADLINE_MS,
    input: { closeOnDisconnect: false },
  });
  stage.closeLater({ close: () => agent.leave() });
  await untilListenedTo(agent);
  const said = agent.ask(TURN).waitForPlayout();
  await vi.waitFor(() => expect(agent.heardMs).toBeGreaterThan(500), SOON);
  const back = wait(awayMs, undefined, { ref: false });
  const fault = await faultOf(async () => {
    await network.outage(awayMs);
    await vi.waitFor(() => {
      const { audibility } = agent.of('audibility_changed').at(-1) ?? {};
      expect(['silent', 'nobody']).toContain(audibility);
    }, SOON);
  });
  await said;
  await turnEnds(agent);
  expectOnlyConfirmed(agent);
  return { agent, back, figure: expectWentOn(agent.events, fault, agent.awayAfterMs) };
}

async function closesInTime(agent: RoomAgent): Promise<void> {
  expect(await ranMs(() => agent.oncue.close())).toBeLessThan(CLOSE_DEADLINE_MS + LATE_MS);
}

it('[FT14] the network of a page is away for 30 s, and that of another one for good', {
  timeout: 180_000,
}, async ({ annotate }) => {
  const [back, gone] = await Promise.all([
    loseNetwork('back', AWAY_MS),
    loseNetwork('gone', FOR_GOOD_MS),
  ]);
  await annotate(`for 30 s: ${back.figure}`);
  await annotate(`for good: ${gone.figure}`);

  await back.back;
  // Nothing of what it missed happens late, and what is said now ends too, whether it is heard already or not.
  for (const { agent } of [back, gone]) {
    await agent.ask(['Are you there?']).waitForPlayout();
    await turnEnds(agent);
  }
  await closesInTime(back.agent);
  await closesInTime(gone.agent);
});
