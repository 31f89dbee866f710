import { encodeSound, inSpeechBand, soundOf, speechBandKernel } from '@oncue/core/wire';

/** The rate of every rendering in the vectors, Hz. */
export const FRAME_RATE_HZ = 48_000;

/**
 * A sound that never repeats and swells four times a second, as speech does. The same for the same seed.
 *
 * @param steadyMs It begins with so much of a held vowel, which repeats every 5 ms.
 */
export function soundLikeSpeech(
  seed: number,
  sampleRateHz: number,
  ms: number,
  steadyMs: number = 0,
): Int16Array {
  let state = (seed * 2_654_435_761) >>> 0;
  let smooth = 0;
  let smoother = 0;
  const samples = new Int16Array((ms * sampleRateHz) / 1000);
  for (let index = 0; index < samples.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const noise = (state >>> 8) / 0x80_0000 - 1;
    smooth += (noise - smooth) * 0.35;
    smoother += (smooth - smoother) * 0.35;
    const swell = 0.6 + 0.4 * Math.cos((2 * Math.PI * 4 * index) / sampleRateHz);
    const isSteady = (index * 1000) / sampleRateHz < steadyMs;
    samples[index] = Math.round(isSteady ? vowel(index / sampleRateHz) : 12_000 * smoother * swell);
  }
  return samples;
}

/** A held vowel at 200 Hz, with its first harmonics. */
function vowel(seconds: number): number {
  const turn = 2 * Math.PI * 200 * seconds;
  return 3000 * Math.sin(turn) + 2000 * Math.sin(2 * turn) + 1500 * Math.sin(3 * turn + 1);
}

/** Adds samples to a rendering, from a frame on, by linear interpolation. */
export function renderInto(
  rendering: Int16Array,
  samples: Int16Array,
  sampleRateHz: number,
  atFrame: number,
): void {
  const framesPerSample = FRAME_RATE_HZ / sampleRateHz;
  const frames = Math.floor((samples.length - 1) * framesPerSample);
  for (let frame = 0; frame < frames; frame += 1) {
    const at = frame / framesPerSample;
    const before = Math.floor(at);
    const share = at - before;
    const value = (samples[before] ?? 0) * (1 - share) + (samples[before + 1] ?? 0) * share;
    const place = atFrame + frame;
    if (place >= 0 && place < rendering.length) rendering[place] = Math.round(value);
  }
}

/** The `sound` of a fingerprint. */
export function fingerprintOf(
  samples: Int16Array,
  sampleRateHz: number,
  atSample: number,
  bandSamples: number,
): string {
  const kernel = speechBandKernel(sampleRateHz);
  return encodeSound(
    soundOf(inSpeechBand(samples, atSample, bandSamples, { sampleRateHz, kernel })),
  );
}

/** 16 bit little-endian samples in base64. */
export function toBase64(samples: Int16Array): string {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
}

/** The samples of `toBase64`. */
export function fromBase64(text: string): Int16Array {
  const bytes = Buffer.from(text, 'base64');
  return Int16Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(2 * index));
}
