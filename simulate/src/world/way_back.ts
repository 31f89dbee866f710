import type { ManualClock } from '@oncue/core/testing';
import type { NetworkSetup } from '../history/history.ts';
import type { Random } from '../history/random.ts';

export interface WayBackPort {
  readonly clock: ManualClock;
  readonly network: NetworkSetup;
  readonly random: Random;
  /** A broken connection of a room loses what is sent; one of a socket brings it later. */
  readonly losesInPartition: boolean;
  readonly arrive: (message: object) => void;
}

/** The way of one listener's messages to the agent: loss, delay, repetition, reordering, partitions. */
export class WayBack {
  brokenUntilMs = 0;
  readonly #port: WayBackPort;
  #lastMs = 0;

  constructor(port: WayBackPort) {
    this.#port = port;
  }

  get losesInPartition(): boolean {
    return this.#port.losesInPartition;
  }

  send(message: object): void {
    const { clock, network, random, losesInPartition } = this.#port;
    const nowMs = clock.nowMs();
    const isBroken = nowMs < this.brokenUntilMs;
    if (random.chance(network.lostShare) || (isBroken && losesInPartition)) return;
    for (let times = random.chance(network.repeatedShare) ? 2 : 1; times > 0; times -= 1) {
      const delayMs = network.delayMs + random.share() * network.jitterMs;
      const earliestMs = network.reorders ? 0 : this.#lastMs;
      const atMs = Math.max(nowMs + delayMs, earliestMs, isBroken ? this.brokenUntilMs : 0);
      this.#lastMs = atMs;
      clock.schedule(atMs - nowMs, () => this.#port.arrive(message));
    }
  }
}
