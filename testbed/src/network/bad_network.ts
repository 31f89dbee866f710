import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Bandwidth, LinkConditions, NetworkName } from './conditions.ts';
import { NARROW, NETWORKS, OUTAGE_MS } from './conditions.ts';

/** A direction: to the server, or from it to the clients. */
export type Side = 'toServer' | 'toClient';

export interface LinkCounts {
  readonly sentCount: number;
  readonly lostCount: number;
  /** May be less than sent minus lost, because some packets are still on their way. */
  readonly deliveredCount: number;
}

export interface NetworkCounts {
  readonly counts: Readonly<Record<Side, LinkCounts>>;
  /** Number of client addresses that have sent a packet. A page in a room has one or two. */
  readonly clientCount: number;
}

/** @internal */
export type ToNetwork = { readonly id: number } & (
  | { readonly type: 'set'; readonly sides: readonly Side[]; readonly conditions: LinkConditions }
  | { readonly type: 'break'; readonly sides: readonly Side[]; readonly forMs: number }
  | { readonly type: 'count' }
);

/** @internal */
export type FromNetwork =
  | { readonly type: 'open'; readonly port: number }
  | ({ readonly type: 'done'; readonly id: number } & NetworkCounts);

type Order = ToNetwork extends infer Each
  ? Each extends ToNetwork
    ? Omit<Each, 'id'>
    : never
  : never;

const BOTH: readonly Side[] = ['toServer', 'toClient'];

/**
 * A network between clients and the media port of a server. Every packet passes through it, including data channels, but
 * not signalling.
 *
 * It runs in its own process, so that a busy test does not add to its delays. Node's timers make a packet up to 1 ms
 * late; `clean` uses no timer.
 */
export class BadNetwork {
  /** The port on 127.0.0.1 that clients send to, instead of the server's port. */
  readonly udpPort: number;
  /** The server's own port. */
  readonly serverUdpPort: number;
  readonly #process: ChildProcess;
  #lastId = 0;

  /** @internal */
  constructor(process: ChildProcess, ports: { readonly udp: number; readonly server: number }) {
    this.#process = process;
    this.udpPort = ports.udp;
    this.serverUdpPort = ports.server;
  }

  /** Resolves when the conditions apply to packets that are sent from now on. */
  async set(
    conditions: LinkConditions | NetworkName,
    sides: readonly Side[] = BOTH,
  ): Promise<void> {
    const named = typeof conditions === 'string' ? NETWORKS[conditions] : conditions;
    await this.#order({ type: 'set', sides, conditions: named });
  }

  /** Loses every packet for this long, from now on; 0 ends an outage. Resolves when the outage has begun. */
  async outage(forMs: number = OUTAGE_MS, sides: readonly Side[] = BOTH): Promise<void> {
    await this.#order({ type: 'break', sides, forMs });
  }

  /** Adds a narrow link to the conditions, until the next `set`. */
  async narrow(
    conditions: LinkConditions | NetworkName,
    bandwidth: Bandwidth = NARROW,
    sides: readonly Side[] = BOTH,
  ): Promise<void> {
    const named = typeof conditions === 'string' ? NETWORKS[conditions] : conditions;
    await this.set({ ...named, bandwidth }, sides);
  }

  /** Packet counts since the start. */
  async counts(): Promise<NetworkCounts> {
    return await this.#order({ type: 'count' });
  }

  /** Ends the process. Clients then get nothing from the server. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  #order(order: Order): Promise<NetworkCounts> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const child = this.#process;
      const done = (message: FromNetwork): void => {
        if (message.type !== 'done' || message.id !== id) return;
        child.off('message', done).off('exit', gone);
        resolve({ counts: message.counts, clientCount: message.clientCount });
      };
      const gone = (): void => {
        child.off('message', done);
        reject(new Error(`the bad network has ended; "${order.type}" came too late`));
      };
      child.on('message', done).once('exit', gone);
      child.send({ ...order, id }, (error) => {
        if (error) gone();
      });
    });
  }
}

/**
 * Puts a network in front of a server's media port. Conditions are `clean` by default.
 *
 * `seed` decides which packets are lost and how late each is: the same for the same packets in the same order.
 */
export async function startBadNetwork(of: {
  readonly serverUdpPort: number;
  readonly conditions?: LinkConditions | NetworkName;
  readonly seed?: number;
}): Promise<BadNetwork> {
  const program = fileURLToPath(new URL('bad_network_process.ts', import.meta.url));
  const require = createRequire(import.meta.url);
  const tsx = pathToFileURL(require.resolve('tsx')).href;
  const child = fork(program, [String(of.serverUdpPort), String(of.seed ?? 1)], {
    execArgv: ['--import', tsx],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const opened = new Promise<number>((resolve, reject) => {
    child.once('message', (message: FromNetwork) => {
      if (message.type === 'open') resolve(message.port);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the bad network ended with code ${code}`)));
  });
  const network = new BadNetwork(child, { udp: await opened, server: of.serverUdpPort });
  if (of.conditions !== undefined) await network.set(of.conditions);
  return network;
}
