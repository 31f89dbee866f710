import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { Arrivals } from './arrivals.ts';
import type { FromNetwork, Side, ToNetwork } from './bad_network.ts';
import { NETWORKS } from './conditions.ts';
import { Link, seededRandom } from './link.ts';

// The process of a bad network. Each client that sends to its port gets its own socket to the server, so that the server
// sees separate clients. It ends with the process that started it.

const HOST = '127.0.0.1';
const [serverPort = 0, seed = 1] = process.argv.slice(2).map(Number);

const links: Readonly<Record<Side, Link>> = {
  toServer: new Link(NETWORKS.clean, seededRandom(seed)),
  toClient: new Link(NETWORKS.clean, seededRandom(seed + 1)),
};
const counts = {
  toServer: { sentCount: 0, lostCount: 0, deliveredCount: 0 },
  toClient: { sentCount: 0, lostCount: 0, deliveredCount: 0 },
};
const arrivals = new Arrivals<() => void>();
const upstreams = new Map<string, Socket>();
const front = createSocket('udp4');
let timer: NodeJS.Timeout | undefined;

front.on('message', (packet, client) => {
  const upstream = upstreamOf(client);
  carry('toServer', packet, () => upstream.send(packet, serverPort, HOST));
});
front.bind(0, HOST, () => send({ type: 'open', port: front.address().port }));

process.on('message', (message: ToNetwork) => {
  switch (message.type) {
    case 'set':
      for (const side of message.sides) links[side].set(message.conditions);
      break;
    case 'break':
      for (const side of message.sides) links[side].breakUntil(performance.now() + message.forMs);
      break;
    case 'count':
      break;
  }
  send({ type: 'done', id: message.id, counts, clientCount: upstreams.size });
});
process.on('disconnect', () => process.exit());

function upstreamOf(client: RemoteInfo): Socket {
  const address = `${client.address}:${client.port}`;
  const known = upstreams.get(address);
  if (known) return known;
  const upstream = createSocket('udp4');
  // A client that has left refuses packets. That is no error.
  upstream.on('error', () => {});
  upstream.on('message', (packet) => {
    carry('toClient', packet, () => front.send(packet, client.port, client.address));
  });
  upstreams.set(address, upstream);
  return upstream;
}

function carry(side: Side, packet: Uint8Array, deliver: () => void): void {
  const nowMs = performance.now();
  const count = counts[side];
  count.sentCount += 1;
  const arrivalMs = links[side].send(nowMs, packet.byteLength);
  if (arrivalMs === undefined) {
    count.lostCount += 1;
    return;
  }
  const arrive = (): void => {
    count.deliveredCount += 1;
    deliver();
  };
  if (arrivalMs <= nowMs) {
    arrive();
    return;
  }
  arrivals.put(arrivalMs, arrive);
  arm();
}

function arm(): void {
  clearTimeout(timer);
  const { nextAtMs } = arrivals;
  if (nextAtMs === undefined) return;
  timer = setTimeout(
    () => {
      for (const arrive of arrivals.take(performance.now())) arrive();
      arm();
    },
    Math.max(0, nextAtMs - performance.now()),
  );
}

function send(message: FromNetwork): void {
  process.send?.(message);
}
