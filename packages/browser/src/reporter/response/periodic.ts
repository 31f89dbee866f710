import { LONGEST_PERIOD, PERIODIC, SHORTEST_PERIOD } from '../tuning.ts';

/**
 * Whether a piece may be found a pitch period too early or too late. Pure.
 *
 * By the measure of `pitchAutocorrelation` of `@oncue/core/wire`. That one is faster, for agents, and takes a page three times
 * as many bytes.
 */
export function isPeriodic(sound: Int8Array): boolean {
  for (let period = SHORTEST_PERIOD; period <= LONGEST_PERIOD; period += 1) {
    let product = 0;
    let energy = 0;
    let laterEnergy = 0;
    // Every second product gives the same result at half the cost.
    for (let index = 0; index < sound.length; index += 2) {
      const here = sound[index] as number;
      const later = sound[index + period] ?? 0;
      product += here * later;
      energy += here * here;
      laterEnergy += later * later;
    }
    if (product > PERIODIC * Math.sqrt(energy * laterEnergy)) return true;
  }
  return false;
}
