import { type BandRing, LONGEST_SOUND } from './band_ring.ts';
import { FOUND } from './listener_mail.ts';

/**
 * So alike at once: no other speech near the true place came above 0.86, and then by far more than a window off (648
 * segments on three networks).
 */
const SURE = 0.8;

/** A better place may follow so closely behind: a pitch period. */
const HELD_MS = 20;

/** The least at which the likest place of a window is taken for it. */
const LIKELY = 0.5;

/** Quieter than this in the mean, -80 dBFS, is no sound that could be compared. */
const SILENT_POWER = 1e-8;

const BAND_HZ = 8000;
const HELD_SAMPLES = (HELD_MS * BAND_HZ) / 1000;

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

  /** @param from First band sample at which the sound may begin, `to`: last. */
  begin(seekId: number, sound: Int8Array, from: number, to: number): void {
    this.seekId = seekId;
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

  /** Compares at most `most` places with what has been rendered. @returns How many it compared. */
  go(ring: BandRing, most: number): number {
    this.#next = Math.max(this.#next, ring.oldest);
    let compared = 0;
    while (compared < most && this.#next <= this.#last && this.#next + this.#length <= ring.count) {
      this.#compare(ring);
      compared += 1;
      if (this.likeness > SURE && this.#next - this.#best > HELD_SAMPLES) {
        this.#end(FOUND.surely);
        return compared;
      }
    }
    if (this.#next > this.#last) this.#end(this.likeness > LIKELY ? FOUND.likely : FOUND.no);
    return compared;
  }

  #end(found: number): void {
    this.found = found;
    this.isActive = false;
  }

  #compare(ring: BandRing): void {
    const at = this.#next;
    const energy = ring.energyOf(at, this.#length);
    let likeness = 0;
    if (energy > SILENT_POWER * this.#length)
      likeness = this.#product(ring, at) / Math.sqrt(energy * this.#soundEnergy);
    if (at === this.#best + 1) this.#behind = likeness;
    if (likeness > this.likeness) {
      this.likeness = likeness;
      this.#best = at;
      this.#before = this.#previous;
      this.#behind = Number.NaN;
    }
    this.#previous = likeness;
    this.#next = at + 1;
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
