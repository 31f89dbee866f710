import type { Page } from 'playwright-core';
import { median } from '../shared/stats.ts';

/** What `page/recorder.js` gives of one recording. */
interface RawRecording {
  readonly sampleRateHz: number;
  /** Context frame of the first sample. */
  readonly offset: number;
  /** `getOutputTimestamp`: context time and page time, both ms, in order. */
  readonly readings: readonly (readonly [number, number])[];
  readonly outputLatencyMs: number;
  readonly dry?: OutputDry;
  /** When the last block of each chunk was rendered. */
  readonly renderedAtEpochMs: readonly number[];
  readonly chunkCount: number;
}

/** How often the output was given nothing in time, which no recording in front of it shows. */
interface OutputDry {
  readonly count: number;
  readonly ms: number;
}

/** Messages between page and agent, by the page's clock. */
interface PageMessages {
  readonly toldAtMs: Readonly<Record<string, number>>;
  readonly clearedAtMs: readonly number[];
}

/** Readings around a sample that date it: those of some 70 ms before and after. */
const READINGS_NEAR = 9;

/** Chunks fetched at a time. */
const CHUNKS_A_CALL = 400;

/**
 * What the page's audio graph gave to its output, sample by sample, and when each sounded, on the agent's clock.
 *
 * Offline, so each sample is dated by what the browser said of its output before and after it, which the player cannot.
 */
export class PageRecording {
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
  readonly #raw: RawRecording;
  readonly #timeOriginMs: number;
  readonly #messages: PageMessages;

  constructor(
    raw: RawRecording,
    samples: Int16Array,
    page: { readonly timeOriginMs: number; readonly messages: PageMessages },
  ) {
    this.#raw = raw;
    this.samples = samples;
    this.sampleRateHz = raw.sampleRateHz;
    this.#timeOriginMs = page.timeOriginMs;
    this.#messages = page.messages;
  }

  /** On the clock of this process: both processes count from the wall clock at their start, on the machine's own clock. */
  instantMs(sample: number): number {
    return this.#toAgent(this.#pageMs(sample));
  }

  /** The first sample that sounds at or after an instant. */
  sampleAt(instantMs: number): number {
    let low = 0;
    let high = this.samples.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.instantMs(middle) < instantMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** By the browser's own count; `undefined` where it does not count. */
  get outputDry(): OutputDry | undefined {
    return this.#raw.dry;
  }

  /** When the page first told the agent that a response sounds. */
  toldAtMs(responseId: string): number | undefined {
    const toldAtMs = this.#messages.toldAtMs[responseId];
    return toldAtMs === undefined ? undefined : this.#toAgent(toldAtMs);
  }

  /** When the page was first told to be silent after an instant. */
  clearedAtMs(fromMs: number): number | undefined {
    return this.#messages.clearedAtMs
      .map((atMs) => this.#toAgent(atMs))
      .find((atMs) => atMs >= fromMs);
  }

  #toAgent(pageMs: number): number {
    return pageMs + this.#timeOriginMs - performance.timeOrigin;
  }

  /** When the sample sounds, on the page's clock. */
  #pageMs(sample: number): number {
    const contextMs = ((sample + this.#raw.offset) * 1000) / this.sampleRateHz;
    const { readings } = this.#raw;
    const next = this.#firstReadingFrom(contextMs);
    const near = readings.slice(Math.max(0, next - READINGS_NEAR), next + READINGS_NEAR);
    const nearest = near
      .map(([atMs, pageMs]) => ({ apartMs: Math.abs(atMs - contextMs), offsetMs: pageMs - atMs }))
      .sort((one, other) => one.apartMs - other.apartMs)
      .slice(0, READINGS_NEAR);
    return contextMs + median(nearest.map(({ offsetMs }) => offsetMs));
  }

  /** From a block being rendered to its sound, by the wall clock of the audio thread: one value a chunk. */
  renderToSoundMs(): number[] {
    const { renderedAtEpochMs } = this.#raw;
    const chunkFrames = this.samples.length / renderedAtEpochMs.length;
    return renderedAtEpochMs.map((renderedAtMs, chunk) => {
      const soundsAtMs = this.#timeOriginMs + this.#pageMs((chunk + 1) * chunkFrames - 128);
      return soundsAtMs - renderedAtMs;
    });
  }

  /** How far readings lie from the median of their neighbours: how well a sample can be dated. */
  readingScatterMs(): number[] {
    const offsetsMs = this.#raw.readings.map(([atMs, pageMs]) => pageMs - atMs);
    const half = (READINGS_NEAR - 1) / 2;
    return offsetsMs
      .slice(half, -half)
      .map((offsetMs, place) =>
        Math.abs(offsetMs - median(offsetsMs.slice(place, place + READINGS_NEAR))),
      );
  }

  #firstReadingFrom(contextMs: number): number {
    const { readings } = this.#raw;
    let low = 0;
    let high = readings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((readings[middle]?.[0] ?? 0) < contextMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Takes what was recorded out of the page. */
export async function fetchRecording(page: Page): Promise<PageRecording> {
  const all = await page.evaluate<RawRecording[]>('benchRecorder.recordings()');
  const raw = all.at(-1);
  if (!raw || raw.chunkCount === 0) throw new Error('nothing of the page was recorded');
  const recording = all.length - 1;
  const parts: Buffer[] = [];
  for (let from = 0; from < raw.chunkCount; from += CHUNKS_A_CALL) {
    const to = Math.min(from + CHUNKS_A_CALL, raw.chunkCount);
    const asked = JSON.stringify({ recording, from, to });
    const text = await page.evaluate<string>(`benchRecorder.samples(${asked})`);
    parts.push(Buffer.from(text, 'base64'));
  }
  const bytes = Buffer.concat(parts);
  const samples = new Int16Array(bytes.length / 2);
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = bytes.readInt16LE(index * 2);
  const timeOriginMs = await page.evaluate<number>('benchMessages.timeOriginMs()');
  const messages = await page.evaluate<PageMessages>('benchMessages.messages()');
  return new PageRecording(raw, samples, { timeOriginMs, messages });
}
