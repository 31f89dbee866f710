import { quantile } from '../shared/stats.ts';

/** The samples that sounded, with the instant of each. Instants are those of `performance.now()`. */
export interface Recording {
  samples(): Int16Array;
  instantMs(sample: number): number;
  /** The first sample that sounds at or after an instant. */
  sampleAt(instantMs: number): number;
}

/** The samples that a device rendered. The device says when each block sounds. */
export class DeviceRecording implements Recording {
  readonly #rateHz: number;
  readonly #blocks: { samples: Int16Array; firstSample: number }[] = [];
  #startMs: number | undefined;
  /** Blocks that were rendered after the instant at which they are said to sound. A real card would have clicked. */
  lateBlockCount = 0;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  readonly add = (block: {
    samples: Int16Array;
    firstSample: number;
    soundsAtMs: number;
  }): void => {
    if (performance.now() > block.soundsAtMs) this.lateBlockCount += 1;
    this.#startMs ??= block.soundsAtMs - (block.firstSample * 1000) / this.#rateHz;
    this.#blocks.push(block);
  };

  samples(): Int16Array {
    const last = this.#blocks.at(-1);
    const all = new Int16Array(last ? last.firstSample + last.samples.length : 0);
    for (const block of this.#blocks) all.set(block.samples, block.firstSample);
    return all;
  }

  instantMs(sample: number): number {
    return (this.#startMs ?? 0) + (sample * 1000) / this.#rateHz;
  }

  sampleAt(instantMs: number): number {
    return Math.max(0, Math.ceil(((instantMs - (this.#startMs ?? 0)) * this.#rateHz) / 1000));
  }
}

/** The fastest delivery is taken from this many blocks: half a second. */
const ENVELOPE_BLOCKS = 50;

/**
 * What an `AudioStream` on a track delivered: every sample that the source gave to its track, silence included, one
 * block every 10 ms of the native clock. A block may arrive late, if this process was busy, but never early. So the
 * instant of a block is the earliest one that its own arrival and those of the following blocks allow. Earlier blocks
 * are not used: a process that was busy for too long loses blocks, and earlier ones would then give too early an instant.
 */
export class TapRecording implements Recording {
  readonly #rateHz: number;
  readonly #blocks: { samples: Int16Array; firstSample: number; arrivedAtMs: number }[] = [];
  #sampleCount = 0;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  add(samples: Int16Array, arrivedAtMs: number): void {
    this.#blocks.push({ samples, firstSample: this.#sampleCount, arrivedAtMs });
    this.#sampleCount += samples.length;
  }

  samples(): Int16Array {
    const all = new Int16Array(this.#sampleCount);
    for (const block of this.#blocks) all.set(block.samples, block.firstSample);
    return all;
  }

  instantMs(sample: number): number {
    const place = this.#blockOf(sample);
    const near = this.#blocks.slice(place, place + ENVELOPE_BLOCKS);
    return Math.min(
      ...near.map((block) => block.arrivedAtMs + this.#toMs(sample - block.firstSample)),
    );
  }

  sampleAt(instantMs: number): number {
    const later = this.#blocks.find((block) => block.arrivedAtMs >= instantMs);
    return later?.firstSample ?? this.#sampleCount;
  }

  /** How late blocks were delivered, against the fastest of their neighbours. */
  deliveryMs(): { readonly median: number; readonly p95: number } {
    const lateMs = this.#blocks.map(
      (block) => block.arrivedAtMs - this.instantMs(block.firstSample),
    );
    return { median: quantile(lateMs, 0.5), p95: quantile(lateMs, 0.95) };
  }

  #toMs(samples: number): number {
    return (samples * 1000) / this.#rateHz;
  }

  #blockOf(sample: number): number {
    const blockSamples = this.#blocks[0]?.samples.length ?? 1;
    return Math.min(this.#blocks.length - 1, Math.floor(sample / blockSamples));
  }
}
