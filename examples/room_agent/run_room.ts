import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runStudioCommand, showPage } from '@oncue/studio';
import { joinToken, type LivekitServer, startLivekitServer } from '@oncue/testbed';
import { findLivekitServer } from '../../scripts/find_livekit_server.mjs';
import { buildReactPage } from '../react_captions/build_page.ts';
import { buildPlainPage } from './plain_page.ts';
import { openSite } from './site.ts';

const ROOM = 'lobby';

/** What the command line asks for. */
export type Wish =
  | { readonly what: 'studio'; readonly args: readonly string[] }
  | { readonly what: 'page'; readonly isPlain: boolean; readonly opens: boolean };

/** Starts a LiveKit server with an agent and its page, or with Studio. Ctrl-C ends the process. */
export async function runRoom(wish: Wish): Promise<void> {
  const server = await serverHere();
  if (wish.what === 'studio') await showStudio(server, wish.args);
  else await showAgent(server, wish);
}

/** Builds the server first, if there is none. */
async function serverHere(): Promise<LivekitServer> {
  if (findLivekitServer() === undefined) {
    console.log(
      'There is no LiveKit server here yet. Building one, once; this takes about five minutes:',
    );
    const script = fileURLToPath(
      new URL('../../scripts/install_livekit_server.sh', import.meta.url),
    );
    const { status } = spawnSync(script, { stdio: 'inherit' });
    if (status !== 0) process.exit(1);
  }
  return startLivekitServer();
}

/** Shows the page, with an agent that a worker of its own process runs. */
async function showAgent(
  server: LivekitServer,
  { isPlain, opens }: Extract<Wish, { readonly what: 'page' }>,
): Promise<void> {
  const healthPort = await freePort();
  const agent = fileURLToPath(new URL('agent.ts', import.meta.url));
  // What a user starts with `node agent.js dev`, here run from the TypeScript source.
  const worker = spawn(
    process.execPath,
    [...process.execArgv, agent, 'dev', '--log-level', 'error'],
    {
      env: {
        ...process.env,
        LIVEKIT_URL: server.url,
        LIVEKIT_API_KEY: server.apiKey,
        LIVEKIT_API_SECRET: server.apiSecret,
        HEALTH_PORT: String(healthPort),
        // Hides rtc-node's internal log.
        NODE_ENV: 'production',
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const files = isPlain ? await buildPlainPage() : await buildReactPage();
  const site = await openSite(files, async () => ({
    url: server.url,
    token: await joinToken(server, { room: ROOM, identity: 'guest' }),
  }));

  let isEnding = false;
  const end = async (code: number): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    site.close();
    if (worker.exitCode === null) {
      worker.kill('SIGTERM');
      await once(worker, 'exit');
    }
    await server.stop();
    process.exit(code);
  };
  process.on('SIGINT', () => void end(0));
  process.on('SIGTERM', () => void end(0));
  worker.on('exit', (code) => {
    if (!isEnding) console.error(`The agent's worker ended with code ${code}.`);
    void end(1);
  });

  // A room that is created before the worker is ready would get no agent.
  await untilRegistered(healthPort);
  console.log(`LiveKit server  ${server.url}`);
  console.log(`Open            ${site.url}`);
  console.log('Ctrl-C ends all of it.');
  if (opens) await showPage(site.url);
}

/** Shows Studio in a room of this server. Ctrl-C ends it too. */
async function showStudio(server: LivekitServer, args: readonly string[]): Promise<never> {
  process.env['LIVEKIT_URL'] = server.url;
  process.env['LIVEKIT_API_KEY'] = server.apiKey;
  process.env['LIVEKIT_API_SECRET'] = server.apiSecret;
  const code = await runStudioCommand(['--room', ...args]);
  if (code !== undefined) process.exit(code);
  return await new Promise<never>(() => {});
}

async function untilRegistered(healthPort: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${healthPort}/`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  return port;
}
