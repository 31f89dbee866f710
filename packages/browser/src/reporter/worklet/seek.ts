import { type BandRing, LONGEST_SOUND } from './band_ring.ts';
import { FOUND, type ListenerCommand } from './reporter_mail.ts';

type SeekCommand = Extract<ListenerCommand, { type: 'seek' }>;

/**
 * So alike at once: no other speech near the true place came above 0.86, and then by far more than a window off (648
 * segments on three networks).
 */
const SURE = 0.8;

/** A better match may follow within a pitch period, 20 ms; in band samples, since a worklet does not import core. */
const HELD_SAMPLES = 160;

/** The least at which the likest place of a window is taken for it. */
const LIKELY = 0.5;

/** At first only every so manieth sample is compared; most places are nothing like the sound even so. */
const ROUGH_STEP = 4;

/** What looks so little alike at first is not looked at again: by then it is off by some 0.1. */
const WORTH_A_LOOK = 0.15;

/** Quieter than this in the mean, -80 dBFS, is no sound that could be compared. */
const SILENT_POWER = 1e-8;

/** One sound looked for in one window of what is rendered. Made once and used again: `begin` allocates nothing. */
export class Seek {
  seekId = -1;
  isActive = false;
  /** Set when it comes to an end. */
  found: number = FOUND.no;
  /** How alike, from -1 to 1. */
  likeness = 0;
  readonly #sound = new Float32Array(LONGEST_SOUND);
  #length = 0;
  #soundEnergy = 0;
  #next = 0;
  #last = 0;
  #best = 0;
  #before = 0;
  #behind = 0;
  #previous = 0;
  #isPatient = false;
  #isPreviousRough = false;
  #products = 0;

  /**
   * @param from First band sample at which the sound may begin, `to`: last.
   */
  begin(
    { seekId, sound, isPatient }: Pick<SeekCommand, 'seekId' | 'sound' | 'isPatient'>,
    from: number,
    to: number,
  ): void {
    this.seekId = seekId;
    this.#isPatient = isPatient;
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
    this.likeness = 0;
    this.#before = Number.NaN;
    this.#behind = Number.NaN;
    this.#previous = Number.NaN;
    this.#isPreviousRough = false;
  }

  /** Where the sound begins, in band samples and fractions of one. */
  get place(): number {
    const left = this.#before;
    const right = this.#behind;
    const bend = left - 2 * this.likeness + right;
    // At the edge of the window a neighbour is missing.
    if (Number.isNaN(bend) || bend >= 0) return this.#best;
    return this.#best + (left - right) / (2 * bend);
  }

  /** Compares with what has been rendered, for at most so many products. @returns How many it took. */
  go(ring: BandRing, mostProducts: number): number {
    this.#next = Math.max(this.#next, ring.oldest);
    this.#products = 0;
    while (
      this.#products < mostProducts &&
      this.#next <= this.#last &&
      this.#next + this.#length <= ring.count
    ) {
      this.#compare(ring);
      const isHeld = this.#next - this.#best > HELD_SAMPLES && !this.#isPatient;
      if (isHeld && this.likeness > SURE) this.#last = Math.min(this.#last, this.#next - 1);
    }
    if (this.#next > this.#last) {
      this.isActive = false;
      this.found = FOUND.no;
      if (this.likeness > LIKELY) this.found = FOUND.likely;
      if (this.likeness > SURE) this.found = FOUND.surely;
    }
    return this.#products;
  }

  #compare(ring: BandRing): void {
    const at = this.#next;
    const isBehindBest = at === this.#best + 1;
    let likeness = this.#likenessAt(ring, at, ROUGH_STEP);
    const isRough = likeness < WORTH_A_LOOK && !isBehindBest;
    if (!isRough) likeness = this.#likenessAt(ring, at, 1);
    if (isBehindBest) this.#behind = likeness;
    if (likeness > this.likeness && !isRough) {
      this.likeness = likeness;
      this.#best = at;
      if (this.#isPreviousRough && at > ring.oldest)
        this.#previous = this.#likenessAt(ring, at - 1, 1);
      this.#before = this.#previous;
      this.#behind = Number.NaN;
    }
    this.#previous = likeness;
    this.#isPreviousRough = isRough;
    this.#next = at + 1;
  }

  /** With a step above 1 it is only about right. */
  #likenessAt(ring: BandRing, at: number, step: number): number {
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

  /** Four sums at once: the processor need not wait for one to add to it. */
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
