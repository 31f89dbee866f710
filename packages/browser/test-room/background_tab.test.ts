// A page that nobody looks at, on a real LiveKit server and Chromium.
import { dispose } from '@livekit/rtc-node';
import {
  type BackgroundBrowser,
  type LivekitServer,
  launchBackgroundBrowser,
  missingForRoom,
  needsRoom,
  type PageSite,
  startLivekitServer,
} from '@oncue/testbed';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { goesOn, SOON, untilListenedTo } from './support/after_faults.ts';
import { faultOf } from './support/going_on.ts';
import { openReporterSite, ReportingPage } from './support/reporting_page.ts';
import { RoomAgent } from './support/room_agent.ts';

const STORY = 'A long story begins here, and it goes on and on until it comes to its end.';
const AFTER_IT = 'That was all.';

let server: LivekitServer;
let site: PageSite;
let browser: BackgroundBrowser;

beforeAll(async () => {
  if (missingForRoom() !== undefined) return;
  [server, site, browser] = await Promise.all([
    startLivekitServer(),
    openReporterSite(),
    launchBackgroundBrowser(),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await server?.stop();
  await dispose();
});

beforeEach(needsRoom);

it('[FT8][FT12] the tab is hidden, and then frozen until the turn has ended without it', {
  timeout: 120_000,
}, async ({ annotate }) => {
  const room = 'background';
  const page = await ReportingPage.join({ browser, site, server, room });
  const input = { closeOnDisconnect: false };
  const agent = await RoomAgent.join(server, { room, input, awayAfterMs: 3000 });
  await untilListenedTo(agent);
  const tab = page.inner.page;
  await browser.hide(tab);
  const said = agent.ask([STORY, AFTER_IT]).waitForPlayout();
  await vi.waitFor(() => expect(agent.heardMs).toBeGreaterThan(500), SOON);
  expect(agent.of('response_playback_started')).toMatchObject([{ evidence: 'device' }]);
  const fault = await faultOf(async () => {
    await browser.freeze(tab);
    await vi.waitFor(() => expect(agent.isListenedTo).toBe(false), SOON);
  });
  await said;
  await browser.thaw(tab);

  await annotate(await goesOn(agent, fault));
  await agent.leave();
});
