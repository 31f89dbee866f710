// A page that nobody looks at, on a real LiveKit server and Chromium.
import { setTimeout as wait } from 'node:timers/promises';
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

it('[FT8] the tab is hidden, and then frozen for five seconds', { timeout: 120_000 }, async () => {
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
  await browser.freeze(tab);
  await vi.waitFor(() => expect(agent.isListenedTo).toBe(false), SOON);
  await wait(5000);
  await browser.thaw(tab);
  await said;

  await goesOn(agent);
  await agent.leave();
});
