import { fileURLToPath } from 'node:url';
import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import { SocketListener } from '@oncue/livekit';
import {
  launchChromium,
  launchFirefox,
  launchWebkit,
  type SoundSink,
  servePage,
  type TestBrowser,
} from '@oncue/testbed';
import { WebSocketServer } from 'ws';

const BROWSERS = {
  chromium: (sink: SoundSink) => launchChromium(undefined, sink),
  firefox: launchFirefox,
  webkit: launchWebkit,
} satisfies Record<string, (sink: SoundSink) => Promise<TestBrowser>>;

/** A browser that the benchmark knows. */
export type PlayerBrowser = keyof typeof BROWSERS;

/** @throws Error for another name. */
export function playerBrowser(name: string): PlayerBrowser {
  if (name in BROWSERS) return name as PlayerBrowser;
  throw new Error(`there is no browser "${name}"; use ${Object.keys(BROWSERS).join(', ')}`);
}

const HTML = '<!doctype html><title>player</title><script type="module" src="main.js"></script>';

/** A page with a player in a browser, and the listener that it is for the agent. */
export interface PlayerStage {
  readonly listener: SocketListener;
  close(): Promise<void>;
}

/** Opens the page in a browser that plays into the sink. */
export async function openPlayerStage(
  browserName: PlayerBrowser,
  sink: SoundSink,
): Promise<PlayerStage> {
  const listener = new SocketListener({ sampleRateHz: SAMPLE_RATE_HZ });
  const { url, server } = await servePage(
    {
      main: fileURLToPath(new URL('page/main.ts', import.meta.url)),
      'player.worker': '@oncue/browser/player.worker.js',
      'player.worklet': '@oncue/browser/player.worklet.js',
    },
    HTML,
  );
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => listener.attachSocket(socket));
  const browser = await BROWSERS[browserName](sink);
  const page = await browser.newPage();
  await page.goto(url);
  return {
    listener,
    close: async () => {
      await browser.close();
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
