import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type WebSocket, WebSocketServer } from 'ws';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const ENTRIES = [
  { in: 'test-browser/page/main.ts', out: 'main' },
  { in: 'test-browser/page/recorder.worklet.ts', out: 'recorder.worklet' },
  { in: 'test-browser/page/silence.worklet.ts', out: 'silence.worklet' },
  { in: '@oncue/browser/player.worker.js', out: 'player.worker' },
  { in: '@oncue/browser/player.worklet.js', out: 'player.worklet' },
  { in: '@oncue/browser/microphone.worklet.js', out: 'microphone.worklet' },
];

const PAGE =
  '<!doctype html><title>test</title><button>start</button><script type="module" src="main.js"></script>';

/** The page of the tests on a port of this machine, with sockets at any path. */
export interface Site {
  readonly url: string;
  /** Gets each socket that a page opens. */
  onSocket: (socket: WebSocket) => void;
  /** Breaks every connection, as a crash does. */
  breakSockets(): void;
  close(): Promise<void>;
}

/** Serves the page, its worker and the worklets, built from source as a page of ours would build them. */
export async function openSite(): Promise<Site> {
  const files = await bundles();
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1).split('?')[0] ?? '';
    const code = files.get(name);
    if (name !== '' && code === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', code === undefined ? 'text/html' : 'text/javascript');
    response.end(code ?? PAGE);
  });
  const sockets = new WebSocketServer({ server });
  const site: Site = {
    url: await listen(server),
    onSocket: () => {},
    breakSockets: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  sockets.on('connection', (socket) => site.onSocket(socket));
  return site;
}

async function bundles(): Promise<Map<string, string>> {
  const built = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES,
    conditions: ['@oncue/source'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outdir: 'out',
    write: false,
  });
  return new Map(
    built.outputFiles.map((file) => [file.path.split(/[\\/]/).at(-1) ?? '', file.text]),
  );
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
