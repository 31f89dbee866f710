/** How much the delay varies from packet to packet. */
export type Jitter =
  | { readonly model: 'none' }
  /** Mostly little, sometimes much, as with a queue on the way. At most `capMs`. */
  | { readonly model: 'exponential'; readonly meanMs: number; readonly capMs: number }
  /** Uniform from 0 to `maxMs`, independent for each packet. */
  | { readonly model: 'uniform'; readonly maxMs: number };

/** A narrow link: packets leave it one after the other. A packet that finds its queue full is lost. */
export interface Bandwidth {
  readonly bitsPerSecond: number;
  /** Capacity of the queue, in bytes on the wire. */
  readonly queueBytes: number;
}

/** What one direction of a network does to its packets. */
export interface LinkConditions {
  readonly delayMs: number;
  readonly jitter: Jitter;
  /** Whether a packet may overtake one that was sent before it. */
  readonly reordering: boolean;
  /** 0 to 1, independent for each packet. */
  readonly lossShare: number;
  readonly bandwidth?: Bandwidth;
}

export type NetworkName = 'clean' | 'wan' | 'bad';

/** The three networks of the published figures. Each applies to both directions. */
export const NETWORKS: Readonly<Record<NetworkName, LinkConditions>> = {
  clean: { delayMs: 0, jitter: { model: 'none' }, reordering: false, lossShare: 0 },
  wan: {
    delayMs: 25,
    jitter: { model: 'exponential', meanMs: 8, capMs: 40 },
    reordering: false,
    lossShare: 0.01,
  },
  bad: { delayMs: 5, jitter: { model: 'uniform', maxMs: 60 }, reordering: true, lossShare: 0.03 },
};

/** Length of the outage in the published figures, during which nothing arrives. */
export const OUTAGE_MS = 2000;

/** Less bandwidth than Opus uses by default, so that the queue fills to about 0.7 s. */
export const NARROW: Bandwidth = { bitsPerSecond: 24_000, queueBytes: 2_000 };
