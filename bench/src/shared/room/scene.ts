import { fileURLToPath } from 'node:url';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import {
  type LivekitServer,
  launchChromium,
  openPageSite,
  type PageEntries,
  type PageSite,
  startLivekitServer,
} from '@oncue/testbed';
import type { Browser } from 'playwright-core';
import { VoicesTTS } from './voices_tts.ts';

/** What a benchmark in a room runs with: a server, a browser, a page with the reporter, and a voice. */
export interface RoomScene {
  readonly server: LivekitServer;
  readonly browser: Browser;
  readonly site: PageSite;
  readonly speaker: VoicesTTS;
}

/** How to set a scene. */
export interface SceneOptions {
  /** The script of the page, under `bench/src`. */
  readonly page: string;
  /** How fast the voice speaks; 1 is its own pace. */
  readonly voiceSpeed: number;
}

const inRoot = (file: string): string =>
  fileURLToPath(new URL(`../../../../${file}`, import.meta.url));

/** The scripts of a page with the reporter; `page` is its file under `bench/src`. */
export function roomPage(page: string): PageEntries {
  return {
    main: inRoot(`bench/src/${page}`),
    'reporter.worklet': inRoot('packages/browser/src/reporter/worklet/reporter.worklet.ts'),
  };
}

/** Sets a scene, runs in it, and closes all of it, whatever happens. */
export async function inRoomScene(
  { page, voiceSpeed }: SceneOptions,
  run: (scene: RoomScene) => Promise<void>,
): Promise<void> {
  initializeLogger({ pretty: false, level: 'error' });
  const browser = await launchChromium();
  const [server, site] = await Promise.all([startLivekitServer(), openPageSite(roomPage(page))]);
  const speaker = new VoicesTTS(voiceSpeed);
  try {
    await run({ server, browser, site, speaker });
  } finally {
    await speaker.close();
    await browser.close();
    await site.close();
    await server.stop();
    await dispose();
  }
}
