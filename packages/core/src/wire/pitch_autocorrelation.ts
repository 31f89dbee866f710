/** Pitch periods of voices in samples of the 8 kHz band: 2.5 and 16 ms, for 400 Hz down to 62 Hz. */
const SHORTEST_PERIOD = 20;
const LONGEST_PERIOD = 128;

/** Using every second product gives the same result at half the cost. */
const STEP = 2;

/** How many band samples after the stretch `pitchAutocorrelation` reads: 16 ms. */
export const LONGEST_PITCH_PERIOD: number = LONGEST_PERIOD;

/**
 * The highest correlation of a stretch with itself one pitch period later, from -1 to 1. A steady vowel is close to 1,
 * so a search may find it one period too early or too late. Changing sounds have no such ambiguity. Pure.
 *
 * @param band - samples at `SPEECH_BAND_HZ`. After its end they count as silence.
 * @param at - the start of the stretch, in band samples, 0 or more.
 * @param length - its length, in band samples.
 */
export function pitchAutocorrelation(
  band: Int8Array | Float32Array,
  at: number,
  length: number,
): number {
  const energy = energyOf(band, at, length);
  // Of the stretch one period later. From two periods before, one sample at each end changes.
  const laterEnergies = [
    energyOf(band, at + SHORTEST_PERIOD, length),
    energyOf(band, at + SHORTEST_PERIOD + 1, length),
  ];
  const past = at + Math.ceil(length / STEP) * STEP;
  let most = -1;
  for (let period = SHORTEST_PERIOD; period <= LONGEST_PERIOD; period += 1) {
    const parity = period % STEP;
    const laterEnergy = laterEnergies[parity] ?? 0;
    // An index outside the array is ten times as slow as one inside.
    const until = Math.min(at + length, band.length - period);
    let product = 0;
    for (let index = at; index < until; index += STEP)
      product += (band[index] as number) * (band[index + period] as number);
    if (energy > 0 && laterEnergy > 0)
      most = Math.max(most, product / Math.sqrt(energy * laterEnergy));
    laterEnergies[parity] =
      laterEnergy - (band[at + period] ?? 0) ** 2 + (band[past + period] ?? 0) ** 2;
  }
  return most;
}

/** The sum of every second square. */
function energyOf(band: Int8Array | Float32Array, at: number, length: number): number {
  const until = Math.min(at + length, band.length);
  let energy = 0;
  for (let index = at; index < until; index += STEP) energy += (band[index] as number) ** 2;
  return energy;
}
