import { type BadNetwork, type LinkConditions, NETWORKS, type NetworkName } from '@oncue/testbed';

/** Networks beside the three of the published figures. They run only if `--networks` names them. */
export type BenchNetwork = NetworkName | 'far' | 'long' | 'bursts' | 'drop' | 'uneven';

const FAR: LinkConditions = { ...NETWORKS.clean, delayMs: 150 };

/** From one continent to another. */
const LONG: LinkConditions = {
  delayMs: 120,
  jitter: { model: 'uniform', maxMs: 20 },
  reordering: false,
  lossShare: 0.005,
};

const BURST_EVERY_MS = 5000;
const BURST_MS = 300;

/** The queue of the narrow link fills up to about 0.7 s. */
const NARROW_EVERY_MS = 14_000;
const NARROW_MS = 7000;

const OUT_MS = 10;
const BACK_MS = 130;

export const BENCH_NETWORKS: readonly BenchNetwork[] = [
  ...(Object.keys(NETWORKS) as NetworkName[]),
  'far',
  'long',
  'bursts',
  'drop',
  'uneven',
];

/** Applies a network's conditions. @returns A function that ends their changes. */
export async function applyNetwork(way: BadNetwork, name: BenchNetwork): Promise<() => void> {
  switch (name) {
    case 'far':
      await way.set(FAR);
      return () => {};
    case 'long':
      await way.set(LONG);
      return () => {};
    case 'bursts':
      return repeat(BURST_EVERY_MS, () => way.outage(BURST_MS));
    case 'drop':
      return repeat(NARROW_EVERY_MS, async () => {
        await way.narrow('clean');
        setTimeout(() => way.set('clean').catch(() => {}), NARROW_MS);
      });
    case 'uneven':
      // What the agent sends arrives soon, and what the page answers late.
      await way.set({ ...NETWORKS.clean, delayMs: OUT_MS }, ['toClient']);
      await way.set({ ...NETWORKS.clean, delayMs: BACK_MS }, ['toServer']);
      return () => {};
    default:
      await way.set(name);
      return () => {};
  }
}

function repeat(everyMs: number, change: () => Promise<void>): () => void {
  // The network has ended with its run.
  const timer = setInterval(() => void change().catch(() => {}), everyMs);
  return () => clearInterval(timer);
}
