/**
 * How both ends of a fingerprint reduce the sound before it is compared: to the band that distinguishes speech, at a
 * rate that makes comparison cheap.
 */

/** Sample rate of the speech band. */
export const SPEECH_BAND_HZ = 8000;

/** Pass band edge. The filter is 50 dB down from 4.3 kHz. Both ends have the same aliasing between 4 and 4.3 kHz. */
const CUTOFF_HZ = 3400;
const TRANSITION_HZ = 900;

/** Kaiser window for 50 dB (Oppenheim & Schafer, Discrete-Time Signal Processing, §7.5). */
const KAISER_BETA = 4.55;
const KAISER_LENGTH = (50 - 8) / 2.285;

/** Whether audio of this rate can be reduced to the band: the rate is a whole multiple of the band's. */
export function isSpeechBandRate(sampleRateHz: number): boolean {
  return sampleRateHz > 0 && sampleRateHz % SPEECH_BAND_HZ === 0;
}

/** The low-pass kernel at `sampleRateHz`: odd length, symmetric, sum 1. */
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

/** The rate of the samples, and the low-pass kernel for it. */
export interface BandOptions {
  readonly sampleRateHz: number;
  /** From `speechBandKernel` for that rate. */
  readonly kernel: Float32Array;
}

/**
 * A piece of `samples`, from `atSample` on, reduced to the speech band. Outside the array, samples count as silence.
 *
 * @param bandSamples - length of the result, at `SPEECH_BAND_HZ`.
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
    const isInside = first >= 0 && first + kernel.length <= samples.length;
    band[index] = isInside ? tapInside(samples, first, kernel) : tapAtEdge(samples, first, kernel);
  }
  return band;
}

/** The kernel is symmetric, so that two samples share each of its taps. */
function tapInside(samples: Int16Array, first: number, kernel: Float32Array): number {
  const half = (kernel.length - 1) / 2;
  const last = first + kernel.length - 1;
  let sum = (samples[first + half] as number) * (kernel[half] as number);
  for (let tap = 0; tap < half; tap += 1)
    sum +=
      ((samples[first + tap] as number) + (samples[last - tap] as number)) *
      (kernel[tap] as number);
  return sum;
}

/** An index outside the array is ten times as slow as one inside. */
function tapAtEdge(samples: Int16Array, first: number, kernel: Float32Array): number {
  const fromTap = Math.max(0, -first);
  const toTap = Math.min(kernel.length, samples.length - first);
  let sum = 0;
  for (let tap = fromTap; tap < toTap; tap += 1)
    sum += (samples[first + tap] as number) * (kernel[tap] as number);
  return sum;
}

/** The 8 bit samples for `Fingerprint.sound`, scaled to their peak. */
export function soundOf(band: Float32Array): Int8Array {
  let peak = 1;
  for (let index = 0; index < band.length; index += 1)
    peak = Math.max(peak, Math.abs(band[index] as number));
  const sound = new Int8Array(band.length);
  for (let index = 0; index < band.length; index += 1)
    sound[index] = Math.round(((band[index] as number) * 127) / peak);
  return sound;
}

/** The base64 text for `Fingerprint.sound`. */
export function encodeSound(sound: Int8Array): string {
  const bytes = new Uint8Array(sound.buffer, sound.byteOffset, sound.length);
  // Not spread into arguments: that makes an object of each.
  return btoa(Reflect.apply(String.fromCharCode, undefined, bytes));
}

/** Decodes `Fingerprint.sound`; `undefined` if the text is not base64. */
export function decodeSound(text: string): Int8Array | undefined {
  try {
    return Int8Array.from(atob(text), (byte) => byte.charCodeAt(0));
  } catch {
    return undefined;
  }
}
