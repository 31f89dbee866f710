import type { BandRing } from './band_ring.ts';
import * as MAIL from './mail_layout.ts';
import type { ReporterCommand, SearchMode } from './reporter_commands.ts';
import {
  CERTAIN,
  LIKELY,
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
  #mode: SearchMode = 'earliest';
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

  /**
   * @param from First band sample at which the sound may begin.
   * @param to Last band sample at which the sound may begin.
   */
  begin(
    { searchId, sound, mode }: Pick<SearchCommand, 'searchId' | 'sound' | 'mode'>,
    from: number,
    to: number,
  ): void {
    this.searchId = searchId;
    this.#mode = mode;
    this.isActive = true;
    this.#length = Math.min(sound.length, LONGEST_SOUND);
    this.#soundEnergy = 0;
    for (let index = 0; index < this.#length; index += 1) {
      const value = sound[index] as number;
      this.#sound[index] = value;
      this.#soundEnergy += value * value;
    }
    this.#next = Math.max(0, from);
    this.#last = to;
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

  /** A certain match was found, and no better one followed within a pitch period. */
  get #isSettled(): boolean {
    return (
      this.#mode === 'earliest' &&
      this.#next - this.#best > SETTLE_SAMPLES &&
      this.correlation > CERTAIN
    );
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
    if (correlation > this.correlation && !isRough) {
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
      const other = index + ROUGH_STEP;
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
