import type { BandRing } from './band_ring.ts';
import * as MAIL from './mail_layout.ts';
import type { ReporterCommand } from './reporter_commands.ts';
import {
  ALIKE,
  BIN_SAMPLES,
  BINS,
  CERTAIN,
  EDGE_BINS,
  EXACT,
  FARTHER_MOST,
  FARTHER_SLOPE,
  LIKELY,
  LONG_SETTLE_SAMPLES,
  LONGEST_SOUND,
  ROUGH_STEP,
  SETTLE_SAMPLES,
  SILENT_POWER,
  WORTH_A_LOOK,
} from './tuning.ts';

type SearchCommand = Extract<ReporterCommand, { type: 'search' }>;

/** Searches for one sound in one window of what is rendered. Reused: `begin` allocates nothing. */
export class SoundSearch {
  searchId = -1;
  isActive = false;
  /** `MAIL.notFound`, `certain` or `likely`. Set when the search ends. */
  found: number = MAIL.notFound;
  /** Correlation of the best match so far, from -1 to 1. */
  correlation = 0;
  readonly #sound = new Float32Array(LONGEST_SOUND);
  #length = 0;
  #soundEnergy = 0;
  /** Band samples: the next one to compare with, the last one, and the best one so far. */
  #next = 0;
  #last = 0;
  #best = 0;
  /** Correlations one sample before and after the best one; NaN while unknown. */
  #beforeBest = 0;
  #afterBest = 0;
  /** Correlation one sample before `#next`; NaN at the start of the window. */
  #previous = 0;
  /** `#previous` comes from the first pass only. */
  #isPreviousRough = false;
  #products = 0;
  /** Where it is expected, in band samples; `undefined`: the earliest place is preferred. */
  #expected: number | undefined;
  /** The highest correlation in each bin of the window: how much of it resembles the sound. */
  readonly #bins = new Float32Array(BINS);
  #from = 0;

  /**
   * @param from First band sample at which the sound may begin.
   * @param to Last band sample at which the sound may begin.
   * @param expected The band sample at which the sound is expected. The best match wins, and among equal ones the nearest to
   *   this place. `undefined`: the earliest certain match wins.
   */
  begin(
    { searchId, sound }: Pick<SearchCommand, 'searchId' | 'sound'>,
    from: number,
    to: number,
    expected: number | undefined,
  ): void {
    this.searchId = searchId;
    this.isActive = true;
    this.#length = Math.min(sound.length, LONGEST_SOUND);
    this.#soundEnergy = 0;
    for (let index = 0; index < this.#length; index += 1) {
      const value = sound[index] as number;
      this.#sound[index] = value;
      this.#soundEnergy += value * value;
    }
    this.#next = Math.max(0, from);
    this.#from = this.#next;
    this.#last = to;
    this.#expected = expected;
    this.#bins.fill(0);
    this.#best = this.#next;
    this.correlation = 0;
    this.#beforeBest = Number.NaN;
    this.#afterBest = Number.NaN;
    this.#previous = Number.NaN;
    this.#isPreviousRough = false;
  }

  /** Where the sound begins, in band samples, fractional: the peak of a parabola through the best match and its neighbours. */
  get place(): number {
    const before = this.#beforeBest;
    const after = this.#afterBest;
    const bend = before - 2 * this.correlation + after;
    // At the edge of the window a neighbour is missing.
    if (Number.isNaN(bend) || bend >= 0) return this.#best;
    return this.#best + (before - after) / (2 * bend);
  }

  /** How far from `place`, in band samples, the sound may as well begin: other places in the window resemble it alike. */
  get spread(): number {
    const best = (this.#best - this.#from) / BIN_SAMPLES;
    let spread = 0;
    for (let bin = 0; bin < BINS; bin += 1) {
      const apart = Math.abs(bin + 0.5 - best);
      if (apart <= 1 || (this.#bins[bin] as number) < this.correlation - ALIKE) continue;
      // Alike from the first period of the window on: it may as well lie before the window.
      spread = bin < EDGE_BINS ? LONGEST_SOUND : Math.max(spread, apart * BIN_SAMPLES);
    }
    return spread;
  }

  /**
   * Compares with what has been rendered so far.
   *
   * @param mostProducts Stops after about this many multiplications.
   * @returns How many multiplications it made.
   */
  advance(ring: BandRing, mostProducts: number): number {
    this.#next = Math.max(this.#next, ring.oldest);
    this.#products = 0;
    while (
      this.#products < mostProducts &&
      this.#next <= this.#last &&
      this.#next + this.#length <= ring.count
    ) {
      this.#compare(ring);
      if (this.#isSettled) this.#last = Math.min(this.#last, this.#next - 1);
    }
    if (this.#next > this.#last) this.#finish();
    return this.#products;
  }

  /** A certain match was found, and no better one followed soon. */
  get #isSettled(): boolean {
    if (this.#expected !== undefined || this.correlation <= CERTAIN) return false;
    const settle = this.correlation > EXACT ? SETTLE_SAMPLES : LONG_SETTLE_SAMPLES;
    return this.#next - this.#best > settle;
  }

  #finish(): void {
    this.isActive = false;
    this.found = MAIL.notFound;
    if (this.correlation > LIKELY) this.found = MAIL.likely;
    if (this.correlation > CERTAIN) this.found = MAIL.certain;
  }

  #compare(ring: BandRing): void {
    const at = this.#next;
    const isAfterBest = at === this.#best + 1;
    let correlation = this.#correlationAt(ring, at, ROUGH_STEP);
    const isRough = correlation < WORTH_A_LOOK && !isAfterBest;
    if (!isRough) correlation = this.#correlationAt(ring, at, 1);
    if (isAfterBest) this.#afterBest = correlation;
    if (!isRough) {
      const bin = Math.floor((at - this.#from) / BIN_SAMPLES);
      if (correlation > (this.#bins[bin] as number)) this.#bins[bin] = correlation;
    }
    if (!isRough && correlation > this.correlation + this.#leastGain(at)) {
      this.correlation = correlation;
      this.#best = at;
      if (this.#isPreviousRough && at > ring.oldest)
        this.#previous = this.#correlationAt(ring, at - 1, 1);
      this.#beforeBest = this.#previous;
      this.#afterBest = Number.NaN;
    }
    this.#previous = correlation;
    this.#isPreviousRough = isRough;
    this.#next = at + 1;
  }

  /** How much more a place must resemble the sound than the best one so far: more the farther it is from where it should be. */
  #leastGain(at: number): number {
    const expected = this.#expected ?? this.#best;
    return fartherCost(at - expected) - fartherCost(this.#best - expected);
  }

  /** @param step 1: exact. `ROUGH_STEP`: only every 4th sample is compared. */
  #correlationAt(ring: BandRing, at: number, step: number): number {
    const energy = ring.energyOf(at, this.#length);
    if (energy <= SILENT_POWER * this.#length) return 0;
    this.#products += this.#length / step;
    const product = step === 1 ? this.#product(ring, at) : this.#roughProduct(ring, at);
    return (product * step) / Math.sqrt(energy * this.#soundEnergy);
  }

  #roughProduct(ring: BandRing, at: number): number {
    const sound = this.#sound;
    const heard = ring.samples;
    const length = this.#length;
    const first = ring.placeOf(at);
    let a = 0;
    let b = 0;
    for (let index = 0; index + ROUGH_STEP < length; index += 2 * ROUGH_STEP) {
      // Not in equal steps, which would miss a tone of a period of two of them.
      const other = index + ROUGH_STEP - 1;
      a += (sound[index] as number) * (heard[first + index] as number);
      b += (sound[other] as number) * (heard[first + other] as number);
    }
    return a + b;
  }

  /** Four separate sums, so that no addition waits for the one before it. */
  #product(ring: BandRing, at: number): number {
    const sound = this.#sound;
    const heard = ring.samples;
    const length = this.#length;
    const first = ring.placeOf(at);
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let index = 0;
    for (; index + 3 < length; index += 4) {
      a += (sound[index] as number) * (heard[first + index] as number);
      b += (sound[index + 1] as number) * (heard[first + index + 1] as number);
      c += (sound[index + 2] as number) * (heard[first + index + 2] as number);
      d += (sound[index + 3] as number) * (heard[first + index + 3] as number);
    }
    for (; index < length; index += 1)
      a += (sound[index] as number) * (heard[first + index] as number);
    return a + b + c + d;
  }
}

function fartherCost(samples: number): number {
  return Math.min(FARTHER_MOST, Math.abs(samples) * FARTHER_SLOPE);
}
