import type { DeviceRecording, RoomPage } from '@oncue/testbed';
import type { ClockCheck } from '../machine_clock.ts';
import type { RecordingFacts } from '../page/recording_facts.ts';
import { fetchRawRecording, firstReadingFrom, type RawRecording } from '../raw_recording.ts';
import { median } from '../stats.ts';
import { RATE_HZ } from './signal.ts';

/**
 * Readings this near to a frame, one every 10 ms, give its instant. Their median keeps a step of the output in its place if
 * there are as many before it as after it; while the output stalls there are fewer.
 */
const NEAR_MS = 150;

/** Single readings jitter by more than this. The median over `NEAR_MS` moves by more only if the output stood still. */
const STEP_MS = 3;
const STEADY_MS = 500;

/** What a recording is made of. */
export interface RecordingParts {
  readonly samples: Int16Array;
  /** Context frame of the first sample. */
  readonly offset: number;
  readonly readings: RawRecording['readings'];
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
    // The offset between the clocks changes by a few ms only, so this converges at once.
    for (let round = 0; round < 4; round += 1)
      frame += ((instantMs - this.instantMs(frame)) * RATE_HZ) / 1000;
    return Math.round(frame);
  }

  /** Page time minus context time, from the readings just before and after. */
  #outputMs(contextMs: number): number {
    const from = firstReadingFrom(this.parts.readings, contextMs - NEAR_MS);
    const to = firstReadingFrom(this.parts.readings, contextMs + NEAR_MS);
    const near =
      from < to
        ? this.parts.readings.slice(from, to)
        : this.parts.readings.slice(Math.max(0, to - 1), to + 1);
    return median(near.map(([atMs, pageMs]) => pageMs - atMs));
  }

  /** How often the output stood still or jumped, so that everything after it sounded later or earlier. */
  get outputSteps(): number {
    const { readings } = this.parts;
    const lastMs = readings.at(-1)?.[0] ?? 0;
    let steps = 0;
    let before: number | undefined;
    for (let fromMs = readings[0]?.[0] ?? 0; fromMs + STEADY_MS < lastMs; fromMs += STEADY_MS) {
      const from = firstReadingFrom(this.parts.readings, fromMs);
      const here = readings.slice(from, firstReadingFrom(this.parts.readings, fromMs + STEADY_MS));
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
}

/** What sounded on a device, in the same form: the readings are those of the device, on this process's clock already. */
export function ofDevice({ samples, readings }: DeviceRecording): RoomRecording {
  return new RoomRecording({ samples, offset: 0, readings, shiftMs: 0 });
}

/** Takes what was recorded out of the page. Where the browser was not asked when frames sound, their rendering dates them. */
export async function takeRecording(page: RoomPage, clock: ClockCheck): Promise<RoomRecording> {
  const raw = await fetchRawRecording(page.page);
  const { samples, offset, timeOriginMs } = raw;
  const readings = raw.readings.length > 0 ? raw.readings : renderedReadings(raw, timeOriginMs);
  const shiftMs = timeOriginMs - clock.offsetMs - performance.timeOrigin;
  return new RoomRecording({ samples, offset, readings, shiftMs });
}

/** Chunks to each side, of 43 ms. A block is rendered when the device asks for it, or later, never earlier. */
const CHUNKS_NEAR = 8;

/**
 * In Firefox the reporter assumes this latency, since a question may stop the page. It is taken here too, so that errors against the
 * page are those of the search and the clock; what the device really adds shows in the recording of the device.
 */
const ASSUMED_LATENCY_MS = 40;

/** When frames sound by the instant at which they were rendered, and the assumed latency. */
export function renderedReadings(
  { offset, chunkFrames, renderedAtEpochMs, sampleRateHz }: RecordingFacts,
  timeOriginMs: number,
): RecordingFacts['readings'] {
  const renderedMs = (chunk: number): number =>
    ((offset + (chunk + 1) * chunkFrames) * 1000) / sampleRateHz;
  const offsetsMs = renderedAtEpochMs.map(
    (atEpochMs, chunk) => atEpochMs - timeOriginMs - renderedMs(chunk),
  );
  return offsetsMs.map((_, chunk) => {
    const near = offsetsMs.slice(Math.max(0, chunk - CHUNKS_NEAR), chunk + CHUNKS_NEAR + 1);
    return [renderedMs(chunk), renderedMs(chunk) + Math.min(...near) + ASSUMED_LATENCY_MS];
  });
}
