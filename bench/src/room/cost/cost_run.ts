import type { Traffic } from './traffic.ts';

/** What speaks. `states`: Oncue, with a state queued between two responses, each of which LiveKit tells the room. */
export type Kind = 'oncue' | 'states' | 'stock';

/** What a run of the benchmark gave. */
export interface CostRun {
  /** One entry a round: processor time of the agents' process above idle for each second of speech, ms. */
  readonly rounds: readonly Readonly<Record<Kind, number>>[];
  /** Processor time while both sides are silent, ms a second; one entry a round. */
  readonly idle: readonly number[];
  /** Oncue's packets while it speaks, and while nothing plays. */
  readonly speaking: Traffic;
  readonly silent: Traffic;
  readonly load: number;
}
