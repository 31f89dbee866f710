import { describe, expect, it } from 'vitest';
import type { ResponseId } from '../src/index.ts';
import {
  decodeSound,
  encodeAgentMessage,
  encodeSound,
  inSpeechBand,
  isSpeechBandRate,
  LONGEST_PITCH_PERIOD,
  MAX_WIRE_CHARS,
  parseAgentMessage,
  pitchAutocorrelation,
  SPEECH_BAND_HZ,
  soundOf,
  speechBandKernel,
} from '../src/wire/index.ts';

function tone(hz: number, sampleRateHz: number, samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, index) =>
    Math.round(8000 * Math.sin((2 * Math.PI * hz * index) / sampleRateHz)),
  );
}

/** The level after the filter alone. A fingerprint itself is scaled to its peak. */
function gainAt(hz: number, sampleRateHz: number): number {
  const kernel = speechBandKernel(sampleRateHz);
  const half = (kernel.length - 1) / 2;
  return Math.abs(
    kernel.reduce(
      (sum, weight, index) =>
        sum + weight * Math.cos((2 * Math.PI * hz * (index - half)) / sampleRateHz),
      0,
    ),
  );
}

/** Numbers from -127 to 127 without a pattern, the same ones each time. */
function noise(length: number): number[] {
  let seed = 7;
  return Array.from({ length }, () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return (seed % 255) - 127;
  });
}

/** By the definition of a convolution: what lies outside the array is silence. */
function convolved(samples: Int16Array, kernel: Float32Array, centre: number): number {
  const half = (kernel.length - 1) / 2;
  return kernel.reduce((sum, weight, tap) => sum + weight * (samples[centre - half + tap] ?? 0), 0);
}

/** By its definition: the best correlation with the stretch 20 to 128 samples later, of every second sample. */
function bestCorrelation(band: Int8Array, at: number, length: number): number {
  const stretch = (from: number): number[] =>
    Array.from({ length: Math.ceil(length / 2) }, (_, index) => band[from + 2 * index] ?? 0);
  const product = (one: number[], other: number[]): number =>
    one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
  const here = stretch(at);
  let best = -1;
  for (let period = 20; period <= 128; period += 1) {
    const later = stretch(at + period);
    const energies = product(here, here) * product(later, later);
    if (energies > 0) best = Math.max(best, product(here, later) / Math.sqrt(energies));
  }
  return best;
}

describe('speech band', () => {
  it('[RM3] the low pass keeps speech and removes what would alias', () => {
    for (const sampleRateHz of [16_000, 24_000, 48_000]) {
      expect(gainAt(1000, sampleRateHz)).toBeCloseTo(1, 2);
      expect(gainAt(2800, sampleRateHz)).toBeGreaterThan(0.9);
      expect(gainAt(4300, sampleRateHz)).toBeLessThan(0.01);
    }
  });

  it('[RM3] a piece gives the same fingerprint at any sample rate of the response', () => {
    const pieces = [24_000, 48_000].map((sampleRateHz) =>
      soundOf(
        inSpeechBand(tone(700, sampleRateHz, sampleRateHz), sampleRateHz / 2, 400, {
          sampleRateHz,
          kernel: speechBandKernel(sampleRateHz),
        }),
      ),
    );
    const [first, second] = pieces as [Int8Array, Int8Array];
    for (let index = 0; index < 400; index += 1)
      expect(Math.abs((first[index] ?? 0) - (second[index] ?? 0))).toBeLessThanOrEqual(2);
    expect(Math.max(...first)).toBe(127);
    expect(SPEECH_BAND_HZ).toBe(8000);
  });

  it('[RM3] the kernel is odd, symmetric, as short as 50 dB allow, and does not change the level', () => {
    for (const [sampleRateHz, taps] of [
      [8000, 29],
      [24_000, 81],
      [48_000, 159],
    ] as const) {
      const kernel = speechBandKernel(sampleRateHz);
      expect(kernel).toHaveLength(taps);
      expect([...kernel].reverse()).toEqual([...kernel]);
      expect(kernel[0]).not.toBe(0);
      expect(kernel.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
    expect(20 * Math.log10(gainAt(4300, 24_000))).toBeLessThan(-49);
  });

  it('[RM3] a rate can be reduced if it is a multiple of the rate of the band', () => {
    const rates = [8000, 16_000, 24_000, 48_000, 0, -8000, 22_050, 44_100, 4000, Number.NaN];
    expect(rates.filter(isSpeechBandRate)).toEqual([8000, 16_000, 24_000, 48_000]);
  });

  it('[RM3] each sample of the band is the filtered one at its place, with silence around the response', () => {
    const sampleRateHz = 24_000;
    const kernel = speechBandKernel(sampleRateHz);
    const samples = Int16Array.from(noise(600));
    for (const atSample of [-60, 0, 40, 41, 250, 560]) {
      const band = inSpeechBand(samples, atSample, 60, { sampleRateHz, kernel });
      expect(band).toHaveLength(60);
      for (const [index, value] of band.entries())
        expect(value).toBeCloseTo(convolved(samples, kernel, atSample + 3 * index), 3);
    }
  });

  it('[RM3] a fingerprint is scaled to its peak, whatever the sign of that', () => {
    expect([...soundOf(Float32Array.of(1000, -2000, 500))]).toEqual([64, -127, 32]);
    expect([...soundOf(new Float32Array(3))]).toEqual([0, 0, 0]);
  });

  it('[RM3] the pitch is the best correlation of a stretch with itself, 2.5 to 16 ms later', () => {
    const band = Int8Array.from(noise(400));
    for (const [at, length] of [
      [0, 100],
      [3, 101],
      [100, 150],
      [250, 120],
      [380, 60],
    ] as const)
      expect(pitchAutocorrelation(band, at, length)).toBeCloseTo(
        bestCorrelation(band, at, length),
        10,
      );
    expect(LONGEST_PITCH_PERIOD).toBe(128);
  });

  it('[RM3] each pitch from 62 to 400 Hz is found, and none outside', () => {
    // Two clicks that far apart: only this period correlates.
    const clicks = (period: number): Int8Array =>
      Int8Array.from({ length: 400 }, (_, index) => (index === 0 || index === period ? 100 : 0));
    for (const period of [20, 21, 63, 64, 127, 128])
      expect(pitchAutocorrelation(clicks(period), 0, 20)).toBe(1);
    for (const period of [19, 129])
      expect(pitchAutocorrelation(clicks(period), 0, 19)).toBeLessThan(0.1);
  });

  it('[RM3] silence has no pitch, neither before a sound nor after it', () => {
    const from = (first: number): Int8Array =>
      Int8Array.from({ length: 400 }, (_, index) =>
        first <= index && index < first + 100 ? 100 : 0,
      );
    expect(pitchAutocorrelation(from(150), 0, 100)).toBe(-1);
    expect(pitchAutocorrelation(from(0), 280, 100)).toBe(-1);
    expect(pitchAutocorrelation(from(300), 310, 90)).not.toBeNaN();
  });

  it('[RM3] a hum correlates with itself one period later, changing sound does not', () => {
    const sound = (at: (index: number) => number): Int8Array =>
      Int8Array.from({ length: 1400 }, (_, index) => Math.round(100 * at(index)));
    const hum = sound((index) => Math.sin((2 * Math.PI * index) / 40));
    const sweep = sound((index) => Math.sin(index * index * 0.002));

    expect(pitchAutocorrelation(hum, 100, 800)).toBeGreaterThan(0.99);
    expect(pitchAutocorrelation(sweep, 100, 800)).toBeLessThan(0.7);
    expect(pitchAutocorrelation(new Int8Array(1400), 100, 800)).toBe(-1);
  });

  it('[RM3] a fingerprint of 150 ms survives the wire and is within the size limit', () => {
    const sound = Int8Array.from({ length: 1200 }, (_, index) => ((index * 37) % 255) - 127);
    const message = {
      type: 'fingerprint',
      responseId: 'TU_1/0' as ResponseId,
      sampleRateHz: 24_000,
      atSample: 480,
      leavesAtMs: 1_763_800_000_123.456,
      sound: encodeSound(sound),
    } as const;
    const text = encodeAgentMessage(message, { epoch: 'session-1', seq: 7 });
    expect(text.length).toBeLessThan(MAX_WIRE_CHARS);
    const parsed = parseAgentMessage(text);
    expect(parsed).toEqual({
      ok: true,
      message: { v: 1, epoch: 'session-1', seq: 7, ...message },
    });
    expect(decodeSound(message.sound)).toEqual(sound);
    expect(decodeSound('no base64!')).toBeUndefined();
  });
});
