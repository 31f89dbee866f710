import type { Page } from 'playwright-core';
import { fetchRawRecording, firstReadingFrom, type RawRecording } from '../shared/raw_recording.ts';
import { median } from '../shared/stats.ts';

/** Messages between page and agent, by the page's clock. */
interface PageMessages {
  readonly reportedAtMs: Readonly<Record<string, number>>;
  readonly clearedAtMs: readonly number[];
}

/** Readings around a sample that date it: those of about 70 ms before and after. */
const READINGS_NEAR = 9;

/**
 * What the page's audio graph gave to its output, sample by sample, and when each sounded, on the agent's clock.
 *
 * Offline, so each sample is dated by readings of the output's clock before and after it. The player has only those before.
 */
export class PageRecording {
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
  readonly #raw: RawRecording;
  readonly #messages: PageMessages;

  constructor(raw: RawRecording, messages: PageMessages) {
    this.#raw = raw;
    this.samples = raw.samples;
    this.sampleRateHz = raw.sampleRateHz;
    this.#messages = messages;
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
  get outputDry(): RawRecording['dry'] {
    return this.#raw.dry;
  }

  /** When the page first reported to the agent that a response sounds. */
  reportedAtMs(responseId: string): number | undefined {
    const reportedAtMs = this.#messages.reportedAtMs[responseId];
    return reportedAtMs === undefined ? undefined : this.#toAgent(reportedAtMs);
  }

  /** When the page got the first `clear` after an instant. */
  clearedAtMs(fromMs: number): number | undefined {
    return this.#messages.clearedAtMs
      .map((atMs) => this.#toAgent(atMs))
      .find((atMs) => atMs >= fromMs);
  }

  #toAgent(pageMs: number): number {
    return pageMs + this.#raw.timeOriginMs - performance.timeOrigin;
  }

  /** When the sample sounds, on the page's clock. */
  #pageMs(sample: number): number {
    const contextMs = ((sample + this.#raw.offset) * 1000) / this.sampleRateHz;
    const { readings } = this.#raw;
    const next = firstReadingFrom(readings, contextMs);
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
      const soundsAtMs = this.#raw.timeOriginMs + this.#pageMs((chunk + 1) * chunkFrames - 128);
      return soundsAtMs - renderedAtMs;
    });
  }

  /** Distance of each reading from the median of its neighbours: how well a sample can be dated. */
  readingScatterMs(): number[] {
    const offsetsMs = this.#raw.readings.map(([atMs, pageMs]) => pageMs - atMs);
    const half = (READINGS_NEAR - 1) / 2;
    return offsetsMs
      .slice(half, -half)
      .map((offsetMs, place) =>
        Math.abs(offsetMs - median(offsetsMs.slice(place, place + READINGS_NEAR))),
      );
  }
}

/** Takes what was recorded out of the page. */
export async function fetchRecording(page: Page): Promise<PageRecording> {
  const raw = await fetchRawRecording(page);
  return new PageRecording(raw, await page.evaluate<PageMessages>('benchMessages.messages()'));
}
