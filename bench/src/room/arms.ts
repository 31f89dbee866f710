import type { BenchNetwork } from './networks.ts';

/** A run on a network. */
export interface Arm {
  readonly network: BenchNetwork;
  /** Left out: the only run on it, without captions. */
  readonly part?: Part;
}

/** Which run of a comparison it is. */
export interface Part {
  /** `on`: the agent shares its texts, and the page shows captions. */
  readonly captions: 'off' | 'on';
  readonly half: 1 | 2;
}

/** In this order, what changes steadily with time is the same for both, and the two `off` are furthest from each other. */
export const PARTS: readonly Part[] = [
  { captions: 'off', half: 1 },
  { captions: 'on', half: 1 },
  { captions: 'on', half: 2 },
  { captions: 'off', half: 2 },
];

/** As a column and a file of the run are called. */
export function nameOf({ network, part }: Arm): string {
  return part ? `${network}_${part.captions}_${part.half}` : network;
}
