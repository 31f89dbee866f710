import { BandRing } from './band_ring.ts';
import {
  FINDING_FIELDS,
  FINDINGS_KEPT,
  FOUND,
  type ListenerCommand,
  type ListenerProcessorOptions,
  MAIL,
  MAIL_LENGTH,
} from './reporter_mail.ts';
import { Seek } from './seek.ts';

/** Sounds looked for at once: some two of every response that is under way. */
const SEEKS = 12;

/**
 * Multiplied in a block, over all searches; some 70 µs of the 2.7 ms that it lasts. A search for 150 ms keeps up with 6,400
 * to 26,000 of them, by how alike its surroundings are; what is left serves those that came late.
 */
const PRODUCTS_PER_BLOCK = 38_000;

/** -66 dBFS: below quiet fricatives, above what a codec makes of silence. */
const LOUD = 0.0005;

/** So much quiet before it makes an onset, at 48 kHz: 80 ms. */
const QUIET_FRAMES = 3840;

/** Blocks from one mail to the next: 21 ms while there is sound or a search, else 250 ms. */
const BUSY_BLOCKS = 8;
const IDLE_BLOCKS = 94;

/** Sound so lately, 1 s, makes it busy: the end of it is still to be told. */
const BUSY_FRAMES = 48_000;

/**
 * The reporter of the worklet, without the worklet: looks for known sounds in what is rendered. Allocates nothing after
 * the constructor.
 *
 * All methods run on the audio thread, one at a time: `render` from `process`, the others from the port's handler.
 */
export class ReporterCore {
  /** @see MAIL */
  readonly mail: Float64Array = new Float64Array(MAIL_LENGTH);
  readonly #ring: BandRing;
  readonly #framesPerSample: number;
  readonly #seeks: readonly Seek[] = Array.from({ length: SEEKS }, () => new Seek());
  #firstSeek = 0;
  #frames = 0;
  #blocksUntilMail = 0;

  constructor({ kernel, framesPerBandSample }: ListenerProcessorOptions) {
    this.#ring = new BandRing(kernel, framesPerBandSample);
    this.#framesPerSample = framesPerBandSample;
    this.mail[MAIL.onsetFrame] = -1;
    this.mail[MAIL.loudUntilFrame] = -QUIET_FRAMES;
  }

  seek(command: Extract<ListenerCommand, { type: 'seek' }>): void {
    const seek = this.#seeks.find((one) => !one.isActive);
    if (!seek) {
      this.#note(command.seekId, 0, 0, FOUND.no);
      return;
    }
    const from = Math.floor(command.fromFrame / this.#framesPerSample);
    const to = Math.ceil(command.toFrame / this.#framesPerSample);
    seek.begin(command, from, to);
  }

  cancel(seekId: number): void {
    for (const seek of this.#seeks) if (seek.seekId === seekId) seek.isActive = false;
  }

  /**
   * Takes the next block; none: nothing is connected, which is silence. `currentFrame` is the context's own count at the
   * block's start. @returns Whether the mail is to be sent.
   */
  render(block: Float32Array | undefined, blockFrames: number, currentFrame: number): boolean {
    const { mail } = this;
    // Stale values are too small, never too large.
    const offset = currentFrame - this.#frames;
    if (this.#frames === 0 || offset > (mail[MAIL.frameOffset] as number))
      mail[MAIL.frameOffset] = offset;
    if (block) this.#listen(block);
    this.#ring.take(block, blockFrames);
    this.#frames += blockFrames;
    mail[MAIL.frames] = this.#frames;
    const findings = mail[MAIL.findingCount];
    const isSeeking = this.#search();
    return this.#isMailDue(isSeeking, findings !== mail[MAIL.findingCount]);
  }

  #isMailDue(isSeeking: boolean, hasNews: boolean): boolean {
    this.#blocksUntilMail -= 1;
    const isBusy =
      isSeeking || this.#frames - (this.mail[MAIL.loudUntilFrame] as number) < BUSY_FRAMES;
    if (isBusy) this.#blocksUntilMail = Math.min(this.#blocksUntilMail, BUSY_BLOCKS);
    if (this.#blocksUntilMail > 0 && !hasNews) return false;
    this.#blocksUntilMail = isBusy ? BUSY_BLOCKS : IDLE_BLOCKS;
    return true;
  }

  #listen(block: Float32Array): void {
    const { mail } = this;
    let power = 0;
    for (let index = 0; index < block.length; index += 1)
      power += (block[index] as number) * (block[index] as number);
    if (power < LOUD * LOUD * block.length) return;
    if (this.#frames - (mail[MAIL.loudUntilFrame] as number) >= QUIET_FRAMES) {
      let first = 0;
      while (Math.abs(block[first] as number) < LOUD) first += 1;
      mail[MAIL.onsetFrame] = this.#frames + first;
    }
    mail[MAIL.loudUntilFrame] = this.#frames + block.length;
  }

  /** Each in turn goes first, so that none starves the others. */
  #search(): boolean {
    let left = PRODUCTS_PER_BLOCK;
    let isSeeking = false;
    for (let turn = 0; turn < SEEKS; turn += 1) {
      const seek = this.#seeks[(this.#firstSeek + turn) % SEEKS] as Seek;
      if (!seek.isActive) continue;
      isSeeking = true;
      left -= seek.go(this.#ring, left);
      if (!seek.isActive)
        this.#note(seek.seekId, seek.place * this.#framesPerSample, seek.likeness, seek.found);
    }
    this.#firstSeek = (this.#firstSeek + 1) % SEEKS;
    return isSeeking;
  }

  #note(seekId: number, frame: number, likeness: number, found: number): void {
    const { mail } = this;
    const count = mail[MAIL.findingCount] as number;
    const place = MAIL.findings + (count % FINDINGS_KEPT) * FINDING_FIELDS;
    mail[place] = seekId;
    mail[place + 1] = frame;
    mail[place + 2] = likeness;
    mail[place + 3] = found;
    mail[MAIL.findingCount] = count + 1;
  }
}
