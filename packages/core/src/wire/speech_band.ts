/**
 * What both ends of a fingerprint do to the sound before it is compared: the band in which speech is told apart, and a
 * rate at which comparing is cheap.
 */

/** Samples a second in the speech band. */
export const SPEECH_BAND_HZ = 8000;

/** Passes up to here; 50 dB down from 4.3 kHz on. What folds back above that is the same on both ends. */
const CUTOFF_HZ = 3400;
const TRANSITION_HZ = 900;

/** Kaiser window for 50 dB (Oppenheim & Schafer, Discrete-Time Signal Processing, §7.5). */
const KAISER_BETA = 4.55;
const KAISER_LENGTH = (50 - 8) / 2.285;

/** Whether audio of this rate can be brought into the band: a whole number of its samples makes one of the band. */
export function isSpeechBandRate(sampleRateHz: number): boolean {
  return sampleRateHz > 0 && sampleRateHz % SPEECH_BAND_HZ === 0;
}

/** The low pass at `sampleRateHz`: of odd length, symmetric about its middle, sum 1. */
export function speechBandKernel(sampleRateHz: number): Float32Array {
  const half = Math.ceil((KAISER_LENGTH * sampleRateHz) / (4 * Math.PI * TRANSITION_HZ));
  const kernel = new Float32Array(2 * half + 1);
  let sum = 0;
  for (let tap = -half; tap <= half; tap += 1) {
    const angle = (2 * Math.PI * CUTOFF_HZ * tap) / sampleRateHz;
    const sinc = tap === 0 ? 1 : Math.sin(angle) / angle;
    const window = bessel(KAISER_BETA * Math.sqrt(1 - (tap / (half + 1)) ** 2));
    kernel[tap + half] = sinc * window;
    sum += sinc * window;
  }
  return kernel.map((weight) => weight / sum);
}

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-9; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** Where the samples are from, and the low pass for it. */
export interface BandOptions {
  readonly sampleRateHz: number;
  /** Of `speechBandKernel` for that rate. */
  readonly kernel: Float32Array;
}

/**
 * A piece of `samples` in the speech band, from `atSample` on; what lies outside counts as silence.
 *
 * @param bandSamples - its length, at `SPEECH_BAND_HZ`.
 */
export function inSpeechBand(
  samples: Int16Array,
  atSample: number,
  bandSamples: number,
  { sampleRateHz, kernel }: BandOptions,
): Float32Array {
  const step = sampleRateHz / SPEECH_BAND_HZ;
  const half = (kernel.length - 1) / 2;
  const band = new Float32Array(bandSamples);
  for (let index = 0; index < bandSamples; index += 1) {
    const first = atSample + index * step - half;
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap += 1)
      sum += (samples[first + tap] ?? 0) * (kernel[tap] as number);
    band[index] = sum;
  }
  return band;
}

/** For `Fingerprint.sound`: scaled to its peak. */
export function soundOf(band: Float32Array): Int8Array {
  const peak = band.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return Int8Array.from(band, (value) => Math.round((value * 127) / peak));
}

/** As text, for `Fingerprint.sound`. */
export function encodeSound(sound: Int8Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(sound.buffer, sound.byteOffset, sound.length)));
}

/** `undefined` for what is no base64. */
export function decodeSound(text: string): Int8Array | undefined {
  try {
    return Int8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
