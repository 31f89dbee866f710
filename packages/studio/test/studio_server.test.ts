import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { StudioServer } from '../src/server/studio_server.ts';
import { ask, closeCode, openSocket, startServer } from './support/page_requests.ts';

let server: StudioServer;

afterEach(() => server.close());

async function opened(path: string): Promise<WebSocket> {
  const socket = await openSocket(server, path);
  if (typeof socket === 'string') throw new Error(socket);
  return socket;
}

describe('studio server (ST)', () => {
  it('[ST1] serves its page, which may connect to nothing else', async () => {
    server = await startServer();

    const { status, headers, body } = await ask(server, '/');

    expect([status, body]).toEqual([200, '<!doctype html>page']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%5c..%5cpackage.json',
    '//etc/passwd',
    '/assets/',
    '/assets/main.js/',
    '/assets/main.ts',
    '/assets/main.js%00.html',
    '/src/cli.ts',
    '/constructor',
  ])('[ST1] answers 404 for %s', async (path) => {
    server = await startServer();

    expect((await ask(server, path)).status).toBe(404);
  });

  it('[ST1] ignores a query, and rejects every method but GET and HEAD', async () => {
    server = await startServer();

    expect((await ask(server, '/?from=afar')).status).toBe(200);
    expect((await ask(server, '/', { method: 'HEAD' })).body).toBe('');
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask(server, '/', { method })).status).toBe(405);
  });

  it('[ST1] rejects a foreign host or origin, for the page and for sockets', async () => {
    server = await startServer();

    expect((await ask(server, '/', { headers: { host: 'evil.example' } })).status).toBe(403);
    expect((await ask(server, '/', { headers: { origin: 'http://evil.example' } })).status).toBe(
      403,
    );
    for (const path of ['/studio', '/listen', '/mic']) {
      expect(await openSocket(server, path, { origin: 'http://evil.example' })).toMatch(/403/);
      expect(await openSocket(server, path, { host: 'evil.example' })).toMatch(/403/);
    }
    expect(await openSocket(server, '/elsewhere')).toMatch(/404/);
  });

  it('[ST1] cannot be reached from other machines', async () => {
    server = await startServer();
    const port = Number(new URL(server.url).port);
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');

    for (const { address } of others) {
      const refused = await new Promise((resolve) => {
        const socket = connect(port, address);
        socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
      });
      expect(refused).toBe(true);
    }
  });

  it('[ST2] closes a socket that sends a message too large, and no other', async () => {
    server = await startServer();
    const [loud, quiet] = [await opened('/studio'), await opened('/studio')];

    loud.send('x'.repeat(20_000));

    expect(await closeCode(loud)).toBe(1009);
    expect(quiet.readyState).toBe(WebSocket.OPEN);
  });

  it.each([
    ['/studio', 60],
    ['/mic', 300],
    ['/listen', 400],
  ])(
    '[ST2] ends a socket of %s that sends too fast, and reads nothing more of it',
    async (path, burst) => {
      const seen: unknown[] = [];
      server = await startServer((_, opened) => opened.on('message', (data) => seen.push(data)));
      const socket = await opened(path);

      for (let sent = 0; sent < burst + 2000; sent += 1) socket.send('{}');

      expect(await closeCode(socket)).toBe(1006);
      expect(seen).toHaveLength(burst + 1);
    },
  );

  it('[ST2] limits the number of sockets of a kind', async () => {
    server = await startServer();
    const sockets = await Promise.all(Array.from({ length: 4 }, () => opened('/mic')));

    const tooMany = await opened('/mic');

    expect(await closeCode(tooMany)).toBe(1013);
    expect(sockets.map(({ readyState }) => readyState)).toEqual(Array(4).fill(WebSocket.OPEN));
  });
});
