import type { Bandwidth, Jitter, LinkConditions } from './conditions.ts';

/** The headers of IPv4 and UDP, which a narrow link carries too. */
const HEADER_BYTES = 28;

/**
 * One direction of a network: decides for each packet when it arrives, or that it is lost.
 *
 * It reads no clock: the caller gives the instants, on any clock that does not go back.
 */
export class Link {
  readonly #random: () => number;
  #conditions: LinkConditions;
  #isDownUntilMs = Number.NEGATIVE_INFINITY;
  /** When the narrow link has sent everything in its queue. */
  #isFreeAtMs = Number.NEGATIVE_INFINITY;
  #lastArrivalMs = Number.NEGATIVE_INFINITY;

  /** @param random - gives numbers from 0 to below 1. */
  constructor(conditions: LinkConditions, random: () => number) {
    this.#conditions = conditions;
    this.#random = random;
  }

  /** Applies to packets that are sent from now on. */
  set(conditions: LinkConditions): void {
    this.#conditions = conditions;
  }

  /** Loses every packet that is sent before `untilMs`. Packets on their way still arrive. */
  breakUntil(untilMs: number): void {
    this.#isDownUntilMs = untilMs;
  }

  /** @returns When a packet that is sent now arrives; `undefined` if it is lost. */
  send(nowMs: number, bytes: number): number | undefined {
    const { delayMs, jitter, reordering, lossShare, bandwidth } = this.#conditions;
    // Drawn for every packet, even if the result is not used, so that the same seed loses the same packets.
    const isLost = this.#random() < lossShare;
    const jitterMs = draw(jitter, this.#random());
    if (nowMs < this.#isDownUntilMs || isLost) return undefined;
    const leftMs = bandwidth ? this.#squeeze(bandwidth, nowMs, bytes) : nowMs;
    if (leftMs === undefined) return undefined;
    const alone = leftMs + delayMs + jitterMs;
    const arrivalMs = reordering ? alone : Math.max(alone, this.#lastArrivalMs);
    this.#lastArrivalMs = Math.max(arrivalMs, this.#lastArrivalMs);
    return arrivalMs;
  }

  /** @returns When the narrow link has sent the packet; `undefined` if its queue is full. */
  #squeeze(bandwidth: Bandwidth, nowMs: number, bytes: number): number | undefined {
    const bytesPerMs = bandwidth.bitsPerSecond / 8 / 1000;
    const startMs = Math.max(nowMs, this.#isFreeAtMs);
    if ((startMs - nowMs) * bytesPerMs > bandwidth.queueBytes) return undefined;
    this.#isFreeAtMs = startMs + (bytes + HEADER_BYTES) / bytesPerMs;
    return this.#isFreeAtMs;
  }
}

function draw(jitter: Jitter, random: number): number {
  switch (jitter.model) {
    case 'none':
      return 0;
    case 'exponential':
      return Math.min(jitter.capMs, -jitter.meanMs * Math.log(1 - random));
    case 'uniform':
      return jitter.maxMs * random;
  }
}

/** A seeded generator of numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
