import type { Page } from 'playwright-core';
import type { RecordingFacts } from './page/recording_facts.ts';

/** What a page's recorder gave of one output. */
export interface RawRecording extends RecordingFacts {
  readonly samples: Int16Array;
  /** Of the page's `performance`. */
  readonly timeOriginMs: number;
}

/** Chunks fetched at a time: about 2 MB of text. */
const CHUNKS_A_CALL = 400;

/**
 * Takes the newest recording out of a page in which `installRecorder` ran.
 *
 * @throws Error if nothing was recorded.
 */
export async function fetchRawRecording(page: Page): Promise<RawRecording> {
  const all = await page.evaluate<RecordingFacts[]>('benchRecorder.recordings()');
  const facts = all.at(-1);
  if (!facts || facts.chunkCount === 0) throw new Error('nothing of the page was recorded');
  const recording = all.length - 1;
  const parts: Buffer[] = [];
  for (let from = 0; from < facts.chunkCount; from += CHUNKS_A_CALL) {
    const to = Math.min(from + CHUNKS_A_CALL, facts.chunkCount);
    const asked = JSON.stringify({ recording, from, to });
    const text = await page.evaluate<string>(`benchRecorder.samples(${asked})`);
    parts.push(Buffer.from(text, 'base64'));
  }
  const bytes = Buffer.concat(parts);
  const samples = new Int16Array(bytes.length / 2);
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = bytes.readInt16LE(index * 2);
  const timeOriginMs = await page.evaluate<number>('benchRecorder.timeOriginMs()');
  return { ...facts, samples, timeOriginMs };
}

/** The place of the first reading at or after an instant of the context. */
export function firstReadingFrom(readings: RecordingFacts['readings'], contextMs: number): number {
  let low = 0;
  let high = readings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((readings[middle]?.[0] ?? 0) < contextMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
