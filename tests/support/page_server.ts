import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { encodeAgentMessage } from '@oncue/core/wire';
import { WebSocketServer } from 'ws';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
};

/** A web server of one folder, with a content policy. Any of its addresses is also that of an agent's socket. */
export class PageServer {
  /** Paths that were served. */
  readonly served: Set<string>;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;

  private constructor(server: Server, sockets: WebSocketServer, served: Set<string>) {
    this.served = served;
    this.#server = server;
    this.#sockets = sockets;
  }

  static async open(folder: string, contentPolicy: string): Promise<PageServer> {
    const served = new Set<string>();
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const file = path.join(folder, pathname === '/' ? 'index.html' : pathname);
      response.setHeader('content-security-policy', contentPolicy);
      readFile(file).then(
        (bytes) => {
          served.add(pathname);
          response.setHeader('content-type', TYPES[path.extname(file)] ?? 'text/plain');
          response.end(bytes);
        },
        () => {
          response.statusCode = 404;
          response.end();
        },
      );
    });
    // An agent that says nothing but welcome.
    const sockets = new WebSocketServer({ server }).on('connection', (socket) =>
      socket.send(encodeAgentMessage({ type: 'welcome', sampleRateHz: 24_000 })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PageServer(server, sockets, served);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  get openSockets(): number {
    return this.#sockets.clients.size;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
