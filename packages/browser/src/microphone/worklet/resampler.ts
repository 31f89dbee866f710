/**
 * Half the filter length, in zero crossings at the lower of the two rates. With the window below, speech up to 6 kHz passes,
 * and what would alias is attenuated by 60 dB.
 */
const CROSSINGS = 16;

/** Filters between two input samples. Between two filters it interpolates linearly; the error is below that of 16 bits. */
const PHASES = 128;

/** Pass band, as a share of half the output rate. */
const PASS = 0.92;

/**
 * Resamples mono audio, sample by sample, with a windowed sinc. Pure. Allocates nothing after the constructor.
 */
export class Resampler {
  readonly #step: number;
  readonly #taps: number;
  readonly #filters: Float32Array;
  readonly #history: Float32Array;
  #place = 0;
  /** Input samples until the next output sample, fractional. */
  #wait: number;

  constructor(fromHz: number, toHz: number) {
    this.#step = fromHz / toHz;
    const stretch = Math.max(1, this.#step);
    const halfTaps = Math.ceil(CROSSINGS * stretch);
    this.#taps = 2 * halfTaps;
    this.#filters = filters(this.#taps, PASS / stretch);
    // Stored twice, so that every window is contiguous.
    this.#history = new Float32Array(2 * this.#taps);
    this.#wait = 1;
  }

  /** Takes one input sample. @param put Called with each output sample, 0 or more times. */
  push(sample: number, put: (sample: number) => void): void {
    const taps = this.#taps;
    this.#history[this.#place] = sample;
    this.#history[this.#place + taps] = sample;
    this.#place = this.#place + 1 === taps ? 0 : this.#place + 1;
    this.#wait -= 1;
    while (this.#wait < 0) {
      // How far the output sample lies after the second newest input sample.
      put(this.#at(this.#wait + 1));
      this.#wait += this.#step;
    }
  }

  #at(fraction: number): number {
    const taps = this.#taps;
    const exact = fraction * PHASES;
    const phase = Math.floor(exact);
    const share = exact - phase;
    const low = phase * taps;
    const high = low + taps;
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const weightLow = this.#filters[low + tap] as number;
      const weightHigh = this.#filters[high + tap] as number;
      sum +=
        (this.#history[this.#place + tap] as number) *
        (weightLow + (weightHigh - weightLow) * share);
    }
    return sum;
  }
}

/** `PHASES + 1` filters. The last is the first one, a sample later. */
function filters(taps: number, cutoff: number): Float32Array {
  const all = new Float32Array((PHASES + 1) * taps);
  for (let phase = 0; phase <= PHASES; phase += 1) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const x = tap - (taps / 2 - 1) - phase / PHASES;
      const weight = sinc(x * cutoff) * blackman(x / (taps / 2));
      all[phase * taps + tap] = weight;
      sum += weight;
    }
    // Normalised: each phase passes a constant unchanged.
    for (let tap = 0; tap < taps; tap += 1) {
      const place = phase * taps + tap;
      all[place] = (all[place] as number) / sum;
    }
  }
  return all;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Window from -1 to 1; 0 outside. */
function blackman(x: number): number {
  if (Math.abs(x) >= 1) return 0;
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}
