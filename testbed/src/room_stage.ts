import { dispose } from '@livekit/rtc-node';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type LivekitServer, startLivekitServer } from './livekit_server.ts';
import { missingForRoom, needsRoom } from './needs_room.ts';
import { type BadNetwork, startBadNetwork } from './network/bad_network.ts';
import { openPageSite, type PageSite } from './page_site.ts';
import { launchRoomBrowser } from './test_browser.ts';

/** What the room tests of one file share, and what each test has for itself. */
export interface RoomStage {
  readonly server: LivekitServer;
  readonly site: PageSite;
  readonly browser: Browser;
  /** The network of the running test. */
  readonly network: BadNetwork;
  /** The name of the running test's room. */
  readonly room: string;
  /** Registers something to close after the running test. What was opened last is closed first. */
  closeLater(opened: { close(): Promise<unknown> }): void;
}

/**
 * Starts a server, a browser and a site before the tests of a file, and a network before each test; closes all of them.
 * If there is no server or no browser, the tests are skipped, and the report names them.
 *
 * @returns The stage. It is empty until the first test begins.
 */
export function useRoomStage(openSite: () => Promise<PageSite> = openPageSite): RoomStage {
  const opened: { close(): Promise<unknown> }[] = [];
  const stage = {
    room: '',
    closeLater: (one: { close(): Promise<unknown> }) => void opened.push(one),
  } as { -readonly [Key in keyof RoomStage]: RoomStage[Key] };
  let roomCount = 0;

  beforeAll(async () => {
    if (missingForRoom() !== undefined) return;
    const all = await Promise.all([startLivekitServer(), openSite(), launchRoomBrowser()]);
    [stage.server, stage.site, stage.browser] = all;
  });

  afterAll(async () => {
    await stage.browser?.close();
    await stage.site?.close();
    await stage.server?.stop();
    await dispose();
  });

  beforeEach(async (context) => {
    needsRoom(context);
    roomCount += 1;
    stage.room = `room-${roomCount}`;
    stage.network = await startBadNetwork({ serverUdpPort: stage.server.udpPort });
    stage.closeLater(stage.network);
  });

  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  return stage;
}
