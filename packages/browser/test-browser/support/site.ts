import { fileURLToPath } from 'node:url';
import { type PageEntries, servePage } from '@oncue/testbed';
import { type WebSocket, WebSocketServer } from 'ws';

const inPage = (file: string): string => fileURLToPath(new URL(`../page/${file}`, import.meta.url));

/** The page, its worker and the worklets, from source as a page of ours would build them. */
const ENTRIES: PageEntries = {
  main: inPage('main.ts'),
  'recorder.worklet': inPage('recorder.worklet.ts'),
  'silence.worklet': inPage('silence.worklet.ts'),
  'player.worker': '@oncue/browser/player.worker.js',
  'player.worklet': '@oncue/browser/player.worklet.js',
  'microphone.worklet': '@oncue/browser/microphone.worklet.js',
};

const HTML =
  '<!doctype html><title>test</title><button>start</button><script type="module" src="main.js"></script>';

/** The page of the tests on a port of this machine, with sockets at any path. */
export interface Site {
  readonly url: string;
  /** Gets each socket that a page opens, and the host that the page connected to. */
  onSocket: (socket: WebSocket, host?: string) => void;
  /** Breaks every connection, as a crash does. */
  breakSockets(): void;
  close(): Promise<void>;
}

/** Serves the page of the tests. */
export async function openSite(): Promise<Site> {
  const { url, server } = await servePage(ENTRIES, HTML);
  const sockets = new WebSocketServer({ server });
  const breakSockets = (): void => {
    for (const socket of sockets.clients) socket.terminate();
  };
  const site: Site = {
    url,
    onSocket: () => {},
    breakSockets,
    close: async () => {
      breakSockets();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  sockets.on('connection', (socket, { headers }) => site.onSocket(socket, headers.host));
  return site;
}
