import { KEPT, LONGEST_SOUND, QUANTUM } from './tuning.ts';
/** The latest rendered audio, filtered to the speech band. Band sample n is centred on frame `n * framesPerSample`. */
export class BandRing {
  /** The first `LONGEST_SOUND` samples are repeated after the end, so that every stretch is contiguous. */
  readonly samples: Float32Array = new Float32Array(KEPT + LONGEST_SOUND);
  /** Band samples made so far. */
  count = 0;
  readonly #kernel: Float32Array;
  readonly #half: number;
  readonly #framesPerSample: number;
  /** Energy of all samples up to and including this one. */
  readonly #energy = new Float64Array(KEPT);
  /** The latest frames: enough for the kernel around every band sample that is not computed yet. */
  readonly #line: Float32Array;
  #frames = 0;
  #totalEnergy = 0;

  /** @param kernel Symmetric, of odd length. */
  constructor(kernel: Float32Array, framesPerSample: number) {
    this.#kernel = kernel;
    this.#half = (kernel.length - 1) / 2;
    this.#framesPerSample = framesPerSample;
    this.#line = new Float32Array(QUANTUM + 2 * this.#half);
  }

  /** The oldest band sample that can be compared. */
  get oldest(): number {
    return Math.max(0, this.count - KEPT + LONGEST_SOUND);
  }

  /** Index of a band sample in `samples`. */
  placeOf(sample: number): number {
    return sample % KEPT;
  }

  energyOf(first: number, length: number): number {
    const until = this.#energy[(first + length - 1) % KEPT] as number;
    return first === 0 ? until : until - (this.#energy[(first - 1) % KEPT] as number);
  }

  /** Takes a block of at most 128 frames; `undefined` is silence. Allocates nothing. */
  take(block: Float32Array | undefined, frames: number): void {
    const line = this.#line;
    line.copyWithin(0, frames);
    if (block) line.set(block, line.length - frames);
    else line.fill(0, line.length - frames);
    this.#frames += frames;
    const firstFrame = this.#frames - line.length;
    for (;;) {
      const middle = this.count * this.#framesPerSample;
      if (middle + this.#half >= this.#frames) return;
      this.#put(this.#filter(middle - this.#half - firstFrame));
    }
  }

  #filter(first: number): number {
    const kernel = this.#kernel;
    const line = this.#line;
    const half = this.#half;
    const last = first + 2 * half;
    let sum = (kernel[half] as number) * (line[first + half] as number);
    for (let tap = 0; tap < half; tap += 1)
      sum +=
        (kernel[tap] as number) * ((line[first + tap] as number) + (line[last - tap] as number));
    return sum;
  }

  #put(value: number): void {
    const place = this.count % KEPT;
    this.samples[place] = value;
    if (place < LONGEST_SOUND) this.samples[KEPT + place] = value;
    this.#totalEnergy += value * value;
    this.#energy[place] = this.#totalEnergy;
    this.count += 1;
  }
}
