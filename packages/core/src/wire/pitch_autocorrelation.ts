import { SPEECH_BAND_HZ } from './speech_band.ts';

/** Pitch periods of voices, 400 down to 62 Hz. */
const SHORTEST_PERIOD = (2.5 * SPEECH_BAND_HZ) / 1000;
const LONGEST_PERIOD = (16 * SPEECH_BAND_HZ) / 1000;

/** Every other product tells as much. */
const STEP = 2;

/** Band samples behind a stretch that `pitchAutocorrelation` looks at, 16 ms. */
export const LONGEST_PITCH_PERIOD: number = LONGEST_PERIOD;

/**
 * How much a stretch looks like itself a pitch period on, from -1 to 1. A steady vowel comes near 1: what is rendered of it
 * may be taken for a period before or behind. Where sounds change there is no such doubt. Pure.
 *
 * @param band - in the speech band, at `SPEECH_BAND_HZ`. What lies outside counts as silence.
 * @param at - where the stretch begins, and its `length`, in band samples.
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
