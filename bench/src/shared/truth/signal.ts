/** Prepares samples for the comparisons of the search. Shares no code with the packages under test. */

/** Sample rate of recordings. */
export const RATE_HZ = 48_000;

/** Sample rate of the coarse search: fine enough for a place within a pitch period, coarse enough to be quick. */
export const COARSE_RATE_HZ = 8000;

/** Frames of a recording to one coarse sample. */
export const COARSE_STEP: number = RATE_HZ / COARSE_RATE_HZ;

/** Below the coarse rate's half, with room for the slope. */
const COARSE_CUTOFF_HZ = 3600;

const PRE_EMPHASIS = 0.9;

/** Zero crossings of the kernels to each side. */
const LOBES = 12;

/** Makes all voiced sounds count, not only the loud low ones, and sharpens the peak of a correlation. */
export function preEmphasized(samples: Float32Array): Float32Array {
  const out = new Float32Array(samples.length);
  let before = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] as number;
    out[index] = sample - PRE_EMPHASIS * before;
    before = sample;
  }
  return out;
}

/** From −1 to 1, at the rate of recordings; `rateHz` must be a whole fraction of it. Place n becomes n · factor. */
export function atRecordingRate(samples: Int16Array, rateHz: number): Float32Array {
  const factor = RATE_HZ / rateHz;
  if (!Number.isInteger(factor)) throw new Error(`${rateHz} Hz is no whole fraction of ${RATE_HZ}`);
  const kernel = lowPass(1 / factor);
  const half = (kernel.length - 1) / 2;
  const out = new Float32Array(samples.length * factor);
  for (let index = 0; index < out.length; index += 1) {
    const first = Math.max(0, Math.ceil((index - half) / factor));
    const last = Math.min(samples.length - 1, Math.floor((index + half) / factor));
    let sum = 0;
    for (let from = first; from <= last; from += 1)
      sum += (samples[from] as number) * (kernel[index - from * factor + half] as number);
    out[index] = (sum * factor) / 32_768;
  }
  return out;
}

/** Place n of the result is place n · `COARSE_STEP` of the samples. */
export function coarse(samples: Float32Array): Float32Array {
  const kernel = lowPass((2 * COARSE_CUTOFF_HZ) / RATE_HZ);
  const half = (kernel.length - 1) / 2;
  const out = new Float32Array(Math.ceil(samples.length / COARSE_STEP));
  for (let index = 0; index < out.length; index += 1) {
    const middle = index * COARSE_STEP;
    const first = Math.max(0, middle - half);
    const last = Math.min(samples.length - 1, middle + half);
    let sum = 0;
    for (let at = first; at <= last; at += 1)
      sum += (samples[at] as number) * (kernel[at - middle + half] as number);
    out[index] = sum;
  }
  return out;
}

/** Windowed sinc, symmetric, sum 1. @param share Cut-off as a share of half the rate. */
function lowPass(share: number): Float32Array {
  const half = Math.ceil(LOBES / share);
  const kernel = new Float32Array(2 * half + 1);
  let sum = 0;
  for (let at = -half; at <= half; at += 1) {
    const phase = Math.PI * at * share;
    const sinc = at === 0 ? 1 : Math.sin(phase) / phase;
    const value = sinc * (0.5 + 0.5 * Math.cos((Math.PI * at) / (half + 1)));
    kernel[at + half] = value;
    sum += value;
  }
  return kernel.map((value) => value / sum);
}

/** Sums of squares of any stretch in one subtraction. */
export class Energies {
  readonly #sums: Float64Array;

  constructor(samples: Float32Array) {
    this.#sums = new Float64Array(samples.length + 1);
    for (let index = 0; index < samples.length; index += 1)
      this.#sums[index + 1] =
        (this.#sums[index] as number) + (samples[index] as number) * (samples[index] as number);
  }

  /** Energy of the samples from `from` up to but without `to`. Outside of the recording is silence. */
  of(from: number, to: number): number {
    const last = this.#sums.length - 1;
    const at = (place: number): number => this.#sums[Math.max(0, Math.min(last, place))] as number;
    return Math.max(0, at(to) - at(from));
  }
}

/** Correlation of a stretch of `heard` with a stretch of `known`, from −1 to 1; 0 against silence. */
export function correlation(
  heard: Float32Array,
  heardFrom: number,
  heardEnergy: number,
  known: Float32Array,
  knownFrom: number,
  knownEnergy: number,
  length: number,
): number {
  if (heardEnergy < SILENT * length || knownEnergy < SILENT * length) return 0;
  if (heardFrom < 0 || heardFrom + length > heard.length) return 0;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let index = 0;
  for (; index + 3 < length; index += 4) {
    a += (heard[heardFrom + index] as number) * (known[knownFrom + index] as number);
    b += (heard[heardFrom + index + 1] as number) * (known[knownFrom + index + 1] as number);
    c += (heard[heardFrom + index + 2] as number) * (known[knownFrom + index + 2] as number);
    d += (heard[heardFrom + index + 3] as number) * (known[knownFrom + index + 3] as number);
  }
  for (; index < length; index += 1)
    a += (heard[heardFrom + index] as number) * (known[knownFrom + index] as number);
  return (a + b + c + d) / Math.sqrt(heardEnergy * knownEnergy);
}

/** Mean square below which nothing is compared: −80 dBFS. */
const SILENT = 1e-8;
