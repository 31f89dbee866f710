import { request } from 'node:http';
import type { AgentMs } from '@oncue/core';
import WebSocket from 'ws';
import type { PageFiles } from '../../src/server/page_files.ts';
import { type ServerSetup, StudioServer } from '../../src/server/studio_server.ts';

const FILES: PageFiles = new Map([
  ['/', { type: 'text/html', body: new TextEncoder().encode('<!doctype html>page') }],
  ['/assets/main.js', { type: 'text/javascript', body: new TextEncoder().encode('1') }],
]);

/** Its limits allow a burst and nothing after it, however long this machine stands still meanwhile. */
const standingStill = (): AgentMs => 0 as AgentMs;

/** A server with a page of two files, on a port of its own. Its clock stands still. */
export function startServer(onSocket: ServerSetup['onSocket'] = () => {}): Promise<StudioServer> {
  return StudioServer.start({
    files: FILES,
    allowedOrigins: [],
    port: 0,
    onSocket,
    nowMs: standingStill,
  });
}

/** The answer of a server. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends exactly this path and these headers; `fetch` would correct both. */
export function ask(
  server: StudioServer,
  path: string,
  of: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, ...of }, (response) => {
      let body = '';
      response.on('data', (part: Buffer) => {
        body += part.toString();
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    asked.on('error', reject).end();
  });
}

/** Opens a socket. Resolves with the message if that fails. */
export function openSocket(
  server: StudioServer,
  path: string,
  headers: Record<string, string> = {},
): Promise<WebSocket | string> {
  const socket = new WebSocket(server.url.replace('http', 'ws').replace(/\/$/, path), { headers });
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', (error) => resolve(error.message));
  });
}

/** The code that a socket is closed with. */
export function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve));
}
