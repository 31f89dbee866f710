import { BandRing } from './band_ring.ts';
import * as MAIL from './mail_layout.ts';
import type { ReporterCommand } from './reporter_commands.ts';
import { SoundSearch } from './sound_search.ts';
import {
  BUSY_BLOCKS,
  BUSY_FRAMES,
  IDLE_BLOCKS,
  LOUD,
  PRODUCTS_PER_BLOCK,
  QUIET_FRAMES,
  SEARCHES,
} from './tuning.ts';

/** How audio comes into the speech band. */
export interface BandOptions {
  /** Low-pass filter into the speech band, for the rate of the context. */
  readonly kernel: Float32Array;
  /** Frames of the context per sample of the band. */
  readonly framesPerBandSample: number;
}

/**
 * The reporter's worklet without the AudioWorklet API: searches what is rendered for known sounds. Allocates nothing
 * after the constructor.
 *
 * All methods run on the audio thread, one at a time: `render` from `process`, the others from the port's handler.
 */
export class ReporterCore {
  /** Laid out as `mail_layout.ts` says. */
  readonly mail: Float64Array = new Float64Array(MAIL.length);
  readonly #ring: BandRing;
  readonly #framesPerSample: number;
  readonly #searches: readonly SoundSearch[] = Array.from(
    { length: SEARCHES },
    () => new SoundSearch(),
  );
  #firstSearch = 0;
  #frames = 0;
  #blocksUntilMail = 0;

  constructor({ kernel, framesPerBandSample }: BandOptions) {
    this.#ring = new BandRing(kernel, framesPerBandSample);
    this.#framesPerSample = framesPerBandSample;
    this.mail[MAIL.onsetFrame] = -1;
    this.mail[MAIL.loudUntilFrame] = -QUIET_FRAMES;
  }

  search(command: Extract<ReporterCommand, { type: 'search' }>): void {
    const search = this.#searches.find((one) => !one.isActive);
    if (!search) {
      this.#note(command.searchId, 0, 0, MAIL.notFound, 0);
      return;
    }
    const from = Math.floor(command.fromFrame / this.#framesPerSample);
    const to = Math.ceil(command.toFrame / this.#framesPerSample);
    const expected =
      command.expectedFrame === undefined
        ? undefined
        : command.expectedFrame / this.#framesPerSample;
    search.begin(command, from, to, expected);
  }

  cancel(searchId: number): void {
    for (const search of this.#searches) if (search.searchId === searchId) search.isActive = false;
  }

  /**
   * Takes the next block.
   *
   * @param block `undefined` when nothing is connected, which is silence.
   * @param currentFrame The context's own frame count at the start of the block.
   * @returns Whether to send the mail now.
   */
  render(block: Float32Array | undefined, blockFrames: number, currentFrame: number): boolean {
    const { mail } = this;
    // `currentFrame` may be stale: too small, never too large.
    const offset = currentFrame - this.#frames;
    if (this.#frames === 0 || offset > (mail[MAIL.frameOffset] as number))
      mail[MAIL.frameOffset] = offset;
    if (block) this.#listen(block);
    this.#ring.take(block, blockFrames);
    this.#frames += blockFrames;
    mail[MAIL.frames] = this.#frames;
    const findings = mail[MAIL.findingCount];
    const isSearching = this.#advanceSearches();
    return this.#isMailDue(isSearching, findings !== mail[MAIL.findingCount]);
  }

  #isMailDue(isSearching: boolean, hasNews: boolean): boolean {
    this.#blocksUntilMail -= 1;
    const isBusy =
      isSearching || this.#frames - (this.mail[MAIL.loudUntilFrame] as number) < BUSY_FRAMES;
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

  /** Each search goes first in turn, so that none starves the others. @returns Whether any is active. */
  #advanceSearches(): boolean {
    let left = PRODUCTS_PER_BLOCK;
    let isSearching = false;
    for (let turn = 0; turn < SEARCHES; turn += 1) {
      const search = this.#searches[(this.#firstSearch + turn) % SEARCHES] as SoundSearch;
      if (!search.isActive) continue;
      isSearching = true;
      left -= search.advance(this.#ring, left);
      if (search.isActive) continue;
      const frame = search.place * this.#framesPerSample;
      const spread = search.spread * this.#framesPerSample;
      this.#note(search.searchId, frame, search.correlation, search.found, spread);
    }
    this.#firstSearch = (this.#firstSearch + 1) % SEARCHES;
    return isSearching;
  }

  #note(searchId: number, frame: number, correlation: number, found: number, spread: number): void {
    const { mail } = this;
    const count = mail[MAIL.findingCount] as number;
    const place = MAIL.findings + (count % MAIL.findingsKept) * MAIL.findingFields;
    mail[place] = searchId;
    mail[place + 1] = frame;
    mail[place + 2] = correlation;
    mail[place + 3] = found;
    mail[place + 4] = spread;
    mail[MAIL.findingCount] = count + 1;
  }
}
