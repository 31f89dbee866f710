import type { RoomPage } from '@oncue/testbed';
import type { ClockCheck } from '../../shared/machine_clock.ts';
import { median } from '../../shared/stats.ts';
import { RATE_HZ } from './signal.ts';

/** What the page gives at a time. */
interface Part {
  readonly samples: string;
  readonly readings: readonly (readonly [number, number])[];
  readonly offset: number;
  readonly isLast: boolean;
}

/**
 * Readings so near to a frame date it, one every 10 ms. Their median keeps a step of the output where it is, if there are as
 * many before as behind; while the output stalls they are fewer.
 */
const NEAR_MS = 150;

/** Single readings bounce by more than this; the median of so long does not, unless the output stood still. */
const STEP_MS = 3;
const STEADY_MS = 500;

/** Of 0.2 s each. */
const CHUNKS_A_CALL = 200;

/** What a recording is made of. */
export interface RecordingParts {
  readonly samples: Int16Array;
  /** Context frame of the first sample. */
  readonly offset: number;
  readonly readings: Part['readings'];
  /** From the page's clock to that of this process. */
  readonly shiftMs: number;
}

/** What the page gave to its output, frame by frame, and when each sounded, on this process's clock. */
export class RoomRecording {
  readonly parts: RecordingParts;

  constructor(parts: RecordingParts) {
    this.parts = parts;
  }

  instantMs(frame: number): number {
    const contextMs = ((frame + this.parts.offset) * 1000) / RATE_HZ;
    return contextMs + this.#outputMs(contextMs) + this.parts.shiftMs;
  }

  /** The frame that sounds at an instant. */
  frameAt(instantMs: number): number {
    let frame = 0;
    // The way from context to page changes by ms only, so this settles at once.
    for (let round = 0; round < 4; round += 1)
      frame += ((instantMs - this.instantMs(frame)) * RATE_HZ) / 1000;
    return Math.round(frame);
  }

  /** Page time minus context time, from the readings just before and after. */
  #outputMs(contextMs: number): number {
    const from = this.#firstReading(contextMs - NEAR_MS);
    const to = this.#firstReading(contextMs + NEAR_MS);
    const near =
      from < to
        ? this.parts.readings.slice(from, to)
        : this.parts.readings.slice(Math.max(0, to - 1), to + 1);
    return median(near.map(([atMs, pageMs]) => pageMs - atMs));
  }

  /** How often the output stood still, or jumped: then all that follows sounds later, or earlier. */
  get outputSteps(): number {
    const { readings } = this.parts;
    const lastMs = readings.at(-1)?.[0] ?? 0;
    let steps = 0;
    let before: number | undefined;
    for (let fromMs = readings[0]?.[0] ?? 0; fromMs + STEADY_MS < lastMs; fromMs += STEADY_MS) {
      const from = this.#firstReading(fromMs);
      const here = readings.slice(from, this.#firstReading(fromMs + STEADY_MS));
      if (here.length === 0) continue;
      const offsetMs = median(here.map(([atMs, pageMs]) => pageMs - atMs));
      if (before !== undefined && Math.abs(offsetMs - before) > STEP_MS) steps += 1;
      before = offsetMs;
    }
    return steps;
  }

  get minutes(): number {
    return this.parts.samples.length / RATE_HZ / 60;
  }

  #firstReading(contextMs: number): number {
    let low = 0;
    let high = this.parts.readings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.parts.readings[middle]?.[0] ?? 0) < contextMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Takes what was recorded out of the page. */
export async function takeRecording(page: RoomPage, clock: ClockCheck): Promise<RoomRecording> {
  const bytes: Buffer[] = [];
  const readings: (readonly [number, number])[] = [];
  for (;;) {
    const part = await page.call<Part>('take', { chunks: CHUNKS_A_CALL });
    bytes.push(Buffer.from(part.samples, 'base64'));
    readings.push(...part.readings);
    if (!part.isLast) continue;
    const timeOriginMs = await page.call<number>('timeOriginMs');
    const shiftMs = timeOriginMs - clock.offsetMs - performance.timeOrigin;
    return new RoomRecording({ samples: joined(bytes), offset: part.offset, readings, shiftMs });
  }
}

function joined(parts: readonly Buffer[]): Int16Array {
  const bytes = Buffer.concat(parts);
  const samples = new Int16Array(bytes.length / 2);
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = bytes.readInt16LE(index * 2);
  return samples;
}
