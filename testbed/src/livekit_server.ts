import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessToken } from 'livekit-server-sdk';
import {
  findLivekitServer,
  HOW_TO_INSTALL_LIVEKIT_SERVER,
} from '../../scripts/find_livekit_server.mjs';

const HOST = '127.0.0.1';
const API_KEY = 'testbed';
/** Need not be secret: the server listens on this machine only. */
const API_SECRET = 'testbed-testbed-testbed-testbed-32';
const KEPT_LOG_LINES = 20;
const START_DEADLINE_MS = 15_000;
const POLL_MS = 50;

/**
 * Runs the server, `$@`, and kills it when standard input ends, so that the server never outlives this process. It is
 * killed because a graceful end waits until every participant has left.
 */
const WITH_PARENT = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -9 $server 2>/dev/null; } >/dev/null 2>&1 &
wait $server`;

/** A LiveKit server on this machine, with one UDP port for all media. */
export interface LivekitServer {
  /** The address for signalling: `ws://127.0.0.1:PORT`. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The only port for media. Nothing goes over TCP. */
  readonly udpPort: number;
  /** The last warnings and errors in the server's log. */
  readonly log: readonly string[];
  /** Ends the server at once. A second call does nothing. */
  stop(): Promise<void>;
}

/**
 * Starts a server with its own ports and keys, and waits until it answers. It ends with this process at the latest.
 *
 * @param at - the ports of a server that has ended, which this one replaces. By default it takes free ones.
 * @throws Error with the last lines of its log if it does not start, or with how to install it if there is none.
 */
export async function startLivekitServer(
  at?: Pick<LivekitServer, 'url' | 'udpPort'>,
): Promise<LivekitServer> {
  const program = findLivekitServer();
  if (program === undefined) throw new Error(HOW_TO_INSTALL_LIVEKIT_SERVER);
  const port = at ? Number(new URL(at.url).port) : await freeTcpPort();
  const udpPort = at?.udpPort ?? (await freeUdpPort());
  const child = spawn('sh', ['-c', WITH_PARENT, 'sh', program], {
    env: { ...process.env, LIVEKIT_CONFIG: config(port, udpPort) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  keepLines(child.stdout, log);
  keepLines(child.stderr, log);
  const server: LivekitServer = {
    url: `ws://${HOST}:${port}`,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    udpPort,
    log,
    stop: () => stop(child),
  };
  try {
    await untilItAnswers(`http://${HOST}:${port}/`, child);
  } catch (error) {
    await server.stop();
    const lines = log.length === 0 ? '(it wrote nothing)' : log.join('\n');
    throw new Error(`${program} did not start: ${String(error)}\n${lines}`, { cause: error });
  }
  return server;
}

/** A token that lets `identity` do everything in `room` that a participant, or an agent, can do. */
export async function joinToken(
  server: Pick<LivekitServer, 'apiKey' | 'apiSecret'>,
  of: { readonly room: string; readonly identity: string; readonly kind?: 'agent' },
): Promise<string> {
  const token = new AccessToken(server.apiKey, server.apiSecret, { identity: of.identity });
  if (of.kind !== undefined) token.kind = of.kind;
  token.addGrant({ roomJoin: true, room: of.room, canUpdateOwnMetadata: true });
  return await token.toJwt();
}

/** JSON is valid YAML. With ICE lite the server sends no checks itself, so it finds no way around a proxy. */
function config(port: number, udpPort: number): string {
  return JSON.stringify({
    port,
    bind_addresses: [HOST],
    rtc: {
      udp_port: udpPort,
      tcp_port: 0,
      node_ip: HOST,
      ips: { includes: [`${HOST}/32`] },
      enable_loopback_candidate: true,
      use_external_ip: false,
      use_ice_lite: true,
    },
    keys: { [API_KEY]: API_SECRET },
    logging: { level: 'warn' },
  });
}

async function untilItAnswers(address: string, child: ChildProcess): Promise<void> {
  const deadlineMs = performance.now() + START_DEADLINE_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    if (await answers(address)) return;
    if (performance.now() > deadlineMs) {
      throw new Error(`no answer from ${address} in ${START_DEADLINE_MS} ms`);
    }
    await sleep(POLL_MS);
  }
}

async function answers(address: string): Promise<boolean> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(1000) });
    return response.ok;
  } catch {
    return false;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  await ended;
}

function keepLines(stream: Readable, log: string[]): void {
  stream.setEncoding('utf8').on('data', (text: string) => {
    log.push(...text.split('\n').filter((line) => line !== ''));
    log.splice(0, Math.max(0, log.length - KEPT_LOG_LINES));
  });
}

async function freeTcpPort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, HOST, resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
