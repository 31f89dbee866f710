import * as MAILBOX from './mailbox_layout.ts';
import type { PlayerProcessorOptions } from './player_commands.ts';

const INT16_SCALE = 1 / 32_768;

/**
 * The player's worklet without the AudioWorklet API: a ring of samples, which is allocated once, and a record of which sample
 * was rendered in which frame.
 *
 * All methods run on the audio thread, one at a time: `render` from `process`, the others from the port's handler.
 */
export class PlayerCore {
  /** Laid out as `mailbox_layout.ts` says. */
  readonly mailbox: Float64Array<ArrayBuffer> = new Float64Array(MAILBOX.length);
  readonly #ring: Float32Array;
  readonly #startSamples: number;
  readonly #startWaitFrames: number;
  #readPosition = 0;
  #writtenPosition = 0;
  #frames = 0;
  #paused = false;
  /** Slot of the run that is being rendered; -1 if the block before ended in silence. */
  #runSlot = -1;
  #runSamples = 0;
  #waitedFrames = 0;

  constructor(options: PlayerProcessorOptions) {
    this.#ring = new Float32Array(options.capacitySamples);
    this.#startSamples = options.startSamples;
    this.#startWaitFrames = options.startWaitFrames;
  }

  /** Adds samples to the stream. Those for which there is no room are counted and lost. */
  write(samples: Int16Array): void {
    const ring = this.#ring;
    const room = ring.length - (this.#writtenPosition - this.#readPosition);
    const taken = Math.min(room, samples.length);
    let place = this.#writtenPosition % ring.length;
    for (let index = 0; index < taken; index += 1) {
      ring[place] = (samples[index] as number) * INT16_SCALE;
      place += 1;
      if (place === ring.length) place = 0;
    }
    this.#writtenPosition += taken;
    this.mailbox[MAILBOX.writtenPosition] = this.#writtenPosition;
    this.#count(MAILBOX.overflowSamples, samples.length - taken);
  }

  /** Drops what has not been rendered, and ends a pause. The next block is silent. */
  clear(): void {
    this.#readPosition = this.#writtenPosition;
    this.mailbox[MAILBOX.readPosition] = this.#readPosition;
    this.#runSlot = -1;
    this.#waitedFrames = 0;
    this.#paused = false;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  /** Renders the next block. Allocates nothing. @param currentFrame The context's own frame count at the start of the block. */
  render(block: Float32Array, currentFrame: number): void {
    const mailbox = this.mailbox;
    // `currentFrame` may be stale: too small, never too large.
    const offset = currentFrame - this.#frames;
    if (this.#frames === 0 || offset > (mailbox[MAILBOX.frameOffset] as number))
      mailbox[MAILBOX.frameOffset] = offset;
    const samples = this.#samplesNow(block.length);
    if (samples > 0) {
      this.#copy(block, samples);
      this.#noteRun(samples);
    }
    for (let index = samples; index < block.length; index += 1) block[index] = 0;
    // A run ends with the first silent frame.
    if (samples < block.length) this.#runSlot = -1;
    this.#frames += block.length;
    mailbox[MAILBOX.frames] = this.#frames;
  }

  /** How many samples to render in a block of `wanted` frames. */
  #samplesNow(wanted: number): number {
    const ready = this.#writtenPosition - this.#readPosition;
    if (this.#paused || ready === 0) return 0;
    if (
      this.#runSlot < 0 &&
      ready < this.#startSamples &&
      this.#waitedFrames < this.#startWaitFrames
    ) {
      this.#waitedFrames += wanted;
      return 0;
    }
    this.#waitedFrames = 0;
    return Math.min(ready, wanted);
  }

  #copy(block: Float32Array, samples: number): void {
    const ring = this.#ring;
    let place = this.#readPosition % ring.length;
    for (let index = 0; index < samples; index += 1) {
      block[index] = ring[place] as number;
      place += 1;
      if (place === ring.length) place = 0;
    }
  }

  #noteRun(samples: number): void {
    const mailbox = this.mailbox;
    if (this.#runSlot < 0) {
      const runCount = mailbox[MAILBOX.runCount] as number;
      this.#runSlot = MAILBOX.runs + (runCount % MAILBOX.runsKept) * MAILBOX.runFields;
      this.#runSamples = 0;
      mailbox[this.#runSlot] = this.#frames;
      mailbox[this.#runSlot + 1] = this.#readPosition;
      mailbox[MAILBOX.runCount] = runCount + 1;
    }
    this.#runSamples += samples;
    mailbox[this.#runSlot + 2] = this.#runSamples;
    this.#readPosition += samples;
    mailbox[MAILBOX.readPosition] = this.#readPosition;
  }

  #count(field: number, by: number): void {
    this.mailbox[field] = (this.mailbox[field] as number) + by;
  }
}
