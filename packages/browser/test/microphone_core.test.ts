import { describe, expect, it } from 'vitest';
import {
  MICROPHONE_FRAME_SAMPLES,
  MicrophoneCore,
} from '../src/microphone/worklet/microphone_core.ts';

/** Frames of a tone that lasts a second. */
function capture(deviceHz: number, toneHz: number, level = 0.5): Int16Array[] {
  const frames: Int16Array[] = [];
  const core = new MicrophoneCore(deviceHz, (frame) => frames.push(frame.slice()));
  const tone = Float32Array.from(
    { length: deviceHz },
    (_, index) => level * Math.sin((2 * Math.PI * toneHz * index) / deviceHz),
  );
  for (let from = 0; from < tone.length; from += 128) core.take(tone.subarray(from, from + 128));
  return frames;
}

/** Root mean square of the middle of a recording, where no filter is running in. */
function rms(frames: readonly Int16Array[]): number {
  const middle = frames.slice(5, 45).flatMap((frame) => [...frame]);
  return Math.sqrt(middle.reduce((sum, one) => sum + one * one, 0) / middle.length) / 32_768;
}

describe('the microphone', () => {
  it.each([16_000, 44_100, 48_000, 96_000])(
    '[BR13] a second at %i Hz is 50 frames of 320 samples',
    (deviceHz) => {
      const frames = capture(deviceHz, 440);

      expect(frames.length).toBeGreaterThanOrEqual(49);
      expect(frames.length).toBeLessThanOrEqual(50);
      expect(frames.every((frame) => frame.length === MICROPHONE_FRAME_SAMPLES)).toBe(true);
    },
  );

  it.each([
    [44_100, 300],
    [44_100, 6000],
    [48_000, 1000],
    [48_000, 6000],
  ])('[BR13] at %i Hz a tone of %i Hz keeps its level', (deviceHz, toneHz) => {
    expect(rms(capture(deviceHz, toneHz))).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  it.each([
    [44_100, 9000],
    [48_000, 9500],
    [48_000, 15_000],
  ])(
    '[BR13] at %i Hz a tone of %i Hz, which 16 kHz cannot hold, is 60 dB down',
    (deviceHz, toneHz) => {
      expect(rms(capture(deviceHz, toneHz))).toBeLessThan(0.5 / Math.SQRT2 / 1000);
    },
  );

  it('[BR13] what is too loud is cut at 16 bits, and does not wrap around', () => {
    const loudest = capture(16_000, 50, 3).flatMap((frame) => [...frame]);

    expect(Math.max(...loudest)).toBe(32_767);
    expect(Math.min(...loudest)).toBe(-32_768);
  });
});
