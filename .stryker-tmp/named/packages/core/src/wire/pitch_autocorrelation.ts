import { SPEECH_BAND_HZ } from './speech_band.ts';

/** Pitch periods of voices in band samples, for 400 Hz down to 62 Hz. */
const SHORTEST_PERIOD = (2.5 * SPEECH_BAND_HZ) / 1000;
const LONGEST_PERIOD = (16 * SPEECH_BAND_HZ) / 1000;

/** Using every second product gives the same result at half the cost. */
const STEP = 2;

/** How many band samples after the stretch `pitchAutocorrelation` reads: 16 ms. */
export const LONGEST_PITCH_PERIOD: number = LONGEST_PERIOD;

/**
 * The highest correlation of a stretch with itself one pitch period later, from -1 to 1. A steady vowel is close to 1,
 * so a search may find it one period too early or too late. Changing sounds have no such ambiguity. Pure.
 *
 * @param band - samples at `SPEECH_BAND_HZ`. Outside the array they count as silence.
 * @param at - the start of the stretch, in band samples.
 * @param length - its length, in band samples.
 */
export function pitchAutocorrelation(
  band: Int8Array | Float32Array,
  at: number,
  length: number,
): number {
  let most = -1;
  for (let period = SHORTEST_PERIOD; period <= LONGEST_PERIOD; period += 1) {
    let product = 0;
    let energy = 0;
    let laterEnergy = 0;
    for (let index = at; index < at + length; index += STEP) {
      const value = band[index] ?? 0;
      const later = band[index + period] ?? 0;
      product += value * later;
      energy += value * value;
      laterEnergy += later * later;
    }
    if (energy > 0 && laterEnergy > 0)
      most = Math.max(most, product / Math.sqrt(energy * laterEnergy));
  }
  return most;
}
