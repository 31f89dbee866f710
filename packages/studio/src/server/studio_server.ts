import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AgentMs } from '@oncue/core';
import { RateLimit } from '@oncue/core/wire';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_CONTROL_BYTES } from '../protocol/control_messages.ts';
import { MAX_MIC_BYTES } from '../speech/mic_input.ts';
import type { PageFiles } from './page_files.ts';
import { isOwnRequest, securityHeaders } from './request_guard.ts';

/** The sockets that a page opens. */
export const SOCKET_PATHS = ['/studio', '/listen', '/mic'] as const;
export type SocketPath = (typeof SOCKET_PATHS)[number];

/** The limits of one socket. A socket that exceeds them is closed. */
const LIMITS: Readonly<
  Record<SocketPath, { maxBytes: number; perSecond: number; burst: number; maxSockets: number }>
> = {
  // A person clicks a few times a second; each response adds one message.
  '/studio': { maxBytes: MAX_CONTROL_BYTES, perSecond: 30, burst: 60, maxSockets: 16 },
  // Oncue also limits reports and writes into the trace what it dropped; this limit stops a flood earlier.
  '/listen': { maxBytes: MAX_CONTROL_BYTES, perSecond: 200, burst: 400, maxSockets: 16 },
  // Frames of 20 ms, and the backlog of a page that was blocked for some seconds.
  '/mic': { maxBytes: MAX_MIC_BYTES, perSecond: 60, burst: 300, maxSockets: 4 },
};

/** A close code of the IANA registry of WebSocket. */
const TRY_LATER = 1013;

/** The options of the server. */
export interface ServerSetup {
  readonly files: PageFiles;
  /** More origins that the page may connect to, such as a LiveKit server. */
  readonly allowedOrigins: readonly string[];
  /** 0 for any free port. */
  readonly port: number;
  readonly onSocket: (path: SocketPath, socket: WebSocket) => void;
  /** The clock of the limits, in milliseconds. Default: that of the process. */
  readonly nowMs?: () => AgentMs;
}

/** Serves the page and its sockets, on loopback only. */
export class StudioServer {
  readonly #setup: ServerSetup;
  readonly #nowMs: () => AgentMs;
  readonly #http: Server;
  readonly #sockets: ReadonlyMap<SocketPath, WebSocketServer>;
  #port = 0;

  private constructor(setup: ServerSetup) {
    this.#setup = setup;
    this.#nowMs = setup.nowMs ?? (() => performance.now() as AgentMs);
    this.#http = createServer((request, response) => this.#answer(request, response));
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#sockets = new Map(SOCKET_PATHS.map((path) => [path, this.#socketServer(path)]));
  }

  /** @throws The error of `listen`, for example `EADDRINUSE`. */
  static async start(setup: ServerSetup): Promise<StudioServer> {
    const server = new StudioServer(setup);
    await new Promise<void>((resolve, reject) => {
      server.#http.once('error', reject);
      server.#http.listen(setup.port, '127.0.0.1', resolve);
    });
    server.#port = (server.#http.address() as AddressInfo).port;
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    for (const server of this.#sockets.values()) {
      for (const socket of server.clients) socket.terminate();
      server.close();
    }
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #isOwn(request: IncomingMessage): boolean {
    const { host, origin } = request.headers;
    return isOwnRequest({ host, origin }, this.#port);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split('?', 1)[0] ?? '';
    const file = this.#setup.files.get(path);
    const headers = securityHeaders(this.#setup.allowedOrigins);
    const refuse = (status: number, text: string): void => {
      response.writeHead(status, { ...headers, 'content-type': 'text/plain' });
      response.end(`${text}\n`);
    };
    if (!this.#isOwn(request)) refuse(403, 'this studio only answers its own page');
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      refuse(405, 'only GET is allowed');
    else if (!file) refuse(404, 'there is nothing here');
    else {
      response.writeHead(200, { ...headers, 'content-type': file.type });
      response.end(request.method === 'HEAD' ? undefined : file.body);
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = SOCKET_PATHS.find((known) => known === request.url?.split('?', 1)[0]);
    const server = path && this.#sockets.get(path);
    if (!server || !this.#isOwn(request)) {
      const status = server ? '403 Forbidden' : '404 Not Found';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    // A peer may disconnect during the handshake.
    socket.on('error', () => socket.destroy());
    server.handleUpgrade(request, socket, head, (opened) => server.emit('connection', opened));
  }

  #socketServer(path: SocketPath): WebSocketServer {
    const limits = LIMITS[path];
    const server = new WebSocketServer({
      noServer: true,
      maxPayload: limits.maxBytes,
      perMessageDeflate: false,
    });
    server.on('connection', (socket: WebSocket) => {
      // A message that is too large closes the socket with code 1009 and an error, which needs no handling.
      socket.on('error', () => undefined);
      if (server.clients.size > limits.maxSockets) {
        socket.close(TRY_LATER);
        return;
      }
      const limit = new RateLimit(limits.perSecond, limits.burst);
      socket.on('message', () => {
        if (limit.allows(this.#nowMs())) return;
        // `close` would go on reading for as long as the peer goes on sending.
        socket.removeAllListeners('message');
        socket.terminate();
      });
      this.#setup.onSocket(path, socket);
    });
    return server;
  }
}
