/** By how much the delay of one packet differs from that of the next. */
export type Jitter =
  | { readonly model: 'none' }
  /** Mostly little, at times much: a queue on the way. Nothing above `capMs`. */
  | { readonly model: 'exponential'; readonly meanMs: number; readonly capMs: number }
  /** Anything between nothing and `maxMs`, each packet for itself. */
  | { readonly model: 'uniform'; readonly maxMs: number };

/** A narrow link: packets leave it one after the other, and those that find its queue full are lost. */
export interface Bandwidth {
  readonly bitsPerSecond: number;
  /** What may wait, in bytes on the wire. */
  readonly queueBytes: number;
}

/** What one direction of a network does to packets. */
export interface LinkConditions {
  readonly delayMs: number;
  readonly jitter: Jitter;
  /** Whether a packet may overtake one that was sent before it. */
  readonly reordering: boolean;
  /** 0 to 1, each packet for itself. */
  readonly lossShare: number;
  readonly bandwidth?: Bandwidth;
}

export type NetworkName = 'clean' | 'wan' | 'bad';

/** The three networks that figures are measured on. Each holds for both directions. */
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

/** Length of the outage that figures are measured with: nothing arrives. */
export const OUTAGE_MS = 2000;

/** Less than Opus asks for by default, so that its queue fills: about 0.7 s of it. */
export const NARROW: Bandwidth = { bitsPerSecond: 24_000, queueBytes: 2_000 };
