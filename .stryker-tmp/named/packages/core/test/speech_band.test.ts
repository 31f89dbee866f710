import { describe, expect, it } from 'vitest';
import type { ResponseId } from '../src/index.ts';
import {
  decodeSound,
  encodeAgentMessage,
  encodeSound,
  inSpeechBand,
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
