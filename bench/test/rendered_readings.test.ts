import { expect, it } from 'vitest';
import { renderedReadings } from '../src/shared/truth/recording.ts';

const ORIGIN_MS = 1_000_000;
const CHUNK_MS = 128;

/** Chunks rendered this long after the device could take them. */
function readingsOf(lateMs: readonly number[]): readonly (readonly [number, number])[] {
  const facts = {
    sampleRateHz: 16_000,
    offset: 1600,
    readings: [],
    renderedAtEpochMs: lateMs.map((late, chunk) => ORIGIN_MS + 700 + chunk * CHUNK_MS + late),
    chunkCount: lateMs.length,
    chunkFrames: 2048,
    dry: undefined,
  };
  return renderedReadings(facts, ORIGIN_MS);
}

it('dates the end of each chunk by the earliest rendering near it, plus the assumed latency', () => {
  const late = Array.from({ length: 40 }, (_, index) => (index === 20 ? 0 : 5 + (index % 3)));
  const readings = readingsOf(late);
  expect(readings[0]?.[0]).toBe(100 + CHUNK_MS);
  expect(
    readings.map(([contextMs, atMs]) => atMs - contextMs - (700 - 100 - CHUNK_MS) - 40),
  ).toEqual(late.map((_, index) => (Math.abs(index - 20) <= 8 ? 0 : 5)));
});
