import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Arrivals } from './arrivals.ts';
import type { LinkConditions, NetworkName } from './conditions.ts';
import { NETWORKS } from './conditions.ts';
import { Link, seededRandom } from './link.ts';

/** TCP sends again what was lost after this time, and after twice as long each further time. */
const SENT_AGAIN_AFTER_MS = 200;
/** The same for the first packet of a connection. */
const CONNECTED_AGAIN_AFTER_MS = 1000;
/** TCP gives up at last. */
const GIVEN_UP_AFTER_MS = 900_000;

const HOST = '127.0.0.1';

/**
 * When something arrives that is sent again until it arrives.
 *
 * @returns `undefined` if it never does.
 */
export function arrivalOverTcp(
  link: Link,
  sent: { readonly nowMs: number; readonly bytes: number; readonly againAfterMs?: number },
): number | undefined {
  const { nowMs, bytes, againAfterMs = SENT_AGAIN_AFTER_MS } = sent;
  let waitMs = againAfterMs;
  for (let atMs = nowMs; atMs < nowMs + GIVEN_UP_AFTER_MS; atMs += waitMs, waitMs *= 2) {
    const arrivalMs = link.send(atMs, bytes);
    if (arrivalMs !== undefined) return arrivalMs;
  }
  return undefined;
}

/**
 * A network between pages and a server of this machine, for HTTP and sockets. A stream loses nothing: what the network loses
 * is sent again later, and all that follows waits for it. So loss is delay here.
 *
 * It runs in this process, so a busy test adds to its delays.
 */
export class BadStream {
  readonly #server: Server;
  readonly #toPort: number;
  readonly #random: () => number;
  readonly #links = new Set<Link>();
  readonly #sockets = new Set<Socket>();
  #conditions: LinkConditions = NETWORKS.clean;
  #isDownUntilMs = Number.NEGATIVE_INFINITY;
  #isRefusing = false;

  private constructor(toPort: number, seed: number) {
    this.#toPort = toPort;
    this.#random = seededRandom(seed);
    this.#server = createServer((socket) => this.#open(socket));
  }

  /** @param of.seed - decides how late each piece is: the same for the same pieces in the same order. */
  static async start(of: { readonly toPort: number; readonly seed?: number }): Promise<BadStream> {
    const stream = new BadStream(of.toPort, of.seed ?? 1);
    await new Promise<void>((resolve) => stream.#server.listen(0, HOST, resolve));
    return stream;
  }

  /** The port on 127.0.0.1 that pages use instead of the server's. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Applies to what is sent from now on. Nothing overtakes, whatever the conditions say. */
  set(name: NetworkName): void {
    this.#conditions = { ...NETWORKS[name], reordering: false };
    for (const link of this.#links) link.set(this.#conditions);
  }

  /** Nothing passes for this long, from now on. Connections stay open. */
  outage(forMs: number): void {
    this.#isDownUntilMs = performance.now() + forMs;
    for (const link of this.#links) link.breakUntil(this.#isDownUntilMs);
  }

  /** The server is gone: each connection breaks, and no other one opens for so long. Resolves when it is back. */
  async serverGone(forMs: number): Promise<void> {
    this.#isRefusing = true;
    for (const socket of this.#sockets) socket.destroy();
    await wait(forMs);
    this.#isRefusing = false;
  }

  /** Ends each connection. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #open(page: Socket): void {
    if (this.#isRefusing) {
      page.destroy();
      return;
    }
    const toServer = this.#newLink();
    const nowMs = performance.now();
    const openAtMs = arrivalOverTcp(toServer, {
      nowMs,
      bytes: 0,
      againAfterMs: CONNECTED_AGAIN_AFTER_MS,
    });
    this.#keep(page);
    page.pause();
    if (openAtMs === undefined) return;
    const timer = setTimeout(() => {
      const server = connect(this.#toPort, HOST);
      this.#keep(server);
      carry(page, server, toServer);
      carry(server, page, this.#newLink());
      page.resume();
    }, openAtMs - nowMs);
    page.once('close', () => clearTimeout(timer));
  }

  #newLink(): Link {
    const link = new Link(this.#conditions, this.#random);
    link.breakUntil(this.#isDownUntilMs);
    this.#links.add(link);
    return link;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // A close follows each error.
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

/** Hands over what one socket says to the other, when it arrives. */
function carry(from: Socket, to: Socket, link: Link): void {
  const arrivals = new Arrivals<() => void>();
  let timer: NodeJS.Timeout | undefined;
  const send = (bytes: number, deliver: () => void): void => {
    const arrivalMs = arrivalOverTcp(link, { nowMs: performance.now(), bytes });
    if (arrivalMs === undefined) return;
    arrivals.put(arrivalMs, deliver);
    arm();
  };
  const arm = (): void => {
    clearTimeout(timer);
    const { nextAtMs } = arrivals;
    if (nextAtMs === undefined) return;
    timer = setTimeout(
      () => {
        for (const deliver of arrivals.take(performance.now())) deliver();
        arm();
      },
      Math.max(0, nextAtMs - performance.now()),
    );
  };
  from.on('data', (data) => send(data.length, () => to.writable && to.write(data)));
  from.on('close', () => send(0, () => to.destroy()));
  to.on('close', () => clearTimeout(timer));
}
