// Rooms in each browser that has them: Chromium in the project `room`, Firefox in the project `firefox-room`.
import { useRoomStage } from '@oncue/testbed/room_stage';
import { expect, it, vi } from 'vitest';
import { openReporterSite, ReportingPage } from './support/reporting_page.ts';
import { RoomAgent } from './support/room_agent.ts';

const SOON = { timeout: 20_000, interval: 50 };
const TWO = ['One moment please. ', 'It is right behind you, next to the station.'] as const;
const TWO_HEARD = [
  'thinking',
  'start 0',
  'speaking',
  'heard 0',
  'thinking',
  'start 1',
  'speaking',
  'heard 1',
  'listening',
];

const stage = useRoomStage(openReporterSite);

it('[RP1] two responses of a turn start once each, as the page heard them, and the plain handler sees it', async () => {
  const { browser, site, server, network, room } = stage;
  const page = await ReportingPage.join({ browser, site, server, network, room });
  stage.closeLater(page);
  const agent = await RoomAgent.join(server, { room });
  stage.closeLater({ close: () => agent.leave() });
  await vi.waitFor(() => expect(agent.isListenedTo).toBe(true), SOON);

  await agent.ask(TWO).waitForPlayout();
  await vi.waitFor(() => expect(agent.story).toEqual(TWO_HEARD), SOON);

  expect(agent.tasks).toEqual([0, 1]);
  for (const index of [0, 1]) {
    expect(agent.of('response_playback_started')[index]).toMatchObject({
      index,
      evidence: 'device',
    });
    const end = agent.of('response_playback_finished')[index];
    expect(end).toMatchObject({ index, evidence: 'device', heardText: TWO[index] });
    expect(end?.heardSamples).toBe(end?.sentSamples);
  }
  expect(agent.messages).toEqual([TWO.join('')]);
  const view = await page.view();
  expect(view).toMatchObject({ state: 'listening', errors: [], stats: { missedCount: 0 } });
  expect(page.inner.errors).toEqual([]);
});
