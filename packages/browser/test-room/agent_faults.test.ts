// Faults of the agent's own process, in a real room with Chromium.
import { useRoomStage } from '@oncue/testbed/room_stage';
import { expect, it, onTestFinished, vi } from 'vitest';
import { goesOn, SOON, untilListenedTo } from './support/after_faults.ts';
import { faultOf } from './support/going_on.ts';
import { block, jumpWallClock, ranMs } from './support/own_process.ts';
import { openReporterSite, ReportingPage } from './support/reporting_page.ts';
import { RoomAgent } from './support/room_agent.ts';

const STORY = 'A long story begins here, and it goes on and on until it comes to its end.';
const TURN = [STORY, 'That was all.'];
const HOUR_MS = 3_600_000;
const BLOCKED_MS = 2000;
const CLOSE_DEADLINE_MS = 500;
/** What `close` may take beyond its deadline [FT6]. */
const LATE_MS = 1000;

const stage = useRoomStage(openReporterSite);

it('[FT11][FT12] the wall clocks jump, its event loop is blocked, and it closes while a task runs', {
  timeout: 120_000,
}, async ({ annotate }) => {
  const { browser, site, server, network, room } = stage;
  const page = await ReportingPage.join({ browser, site, server, network, room });
  stage.closeLater(page);
  const agent = await RoomAgent.join(server, {
    room,
    awayAfterMs: 15_000,
    closeDeadlineMs: CLOSE_DEADLINE_MS,
  });
  stage.closeLater({ close: () => agent.leave() });
  await untilListenedTo(agent);
  const said = agent.ask(TURN).waitForPlayout();
  await vi.waitFor(() => expect(agent.heardMs).toBeGreaterThan(500), SOON);

  onTestFinished(jumpWallClock(HOUR_MS));
  await page.inner.page.evaluate(`(${jumpWallClock})(-${HOUR_MS})`);
  const fault = await faultOf(async () => block(BLOCKED_MS));
  await said;

  await annotate(await goesOn(agent, fault));
  const heard = agent.of('response_playback_finished').map(({ heardText }) => heardText);
  expect(heard.slice(0, TURN.length)).toEqual(TURN);

  agent.taskEnds = new Promise(() => {});
  const before = agent.tasks.length;
  agent.ask([STORY]);
  await vi.waitFor(() => expect(agent.tasks).toHaveLength(before + 1), SOON);
  const closedMs = await ranMs(() => agent.oncue.close());

  expect(closedMs).toBeLessThan(CLOSE_DEADLINE_MS + LATE_MS);
  expect(agent.of('task_aborted').map(({ reason }) => reason)).toEqual(['closed']);
  expect(agent.of('response_playback_finished').at(-1)?.outcome).toBe('cut');
});
