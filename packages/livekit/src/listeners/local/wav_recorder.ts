import { writeFileSync } from 'node:fs';
import type { RenderedBlock } from './local_device.ts';

const HEADER_BYTES = 44;

/** Records what a local device rendered, with the silence between blocks, and writes it as a WAV file (PCM, 16 bit, mono). @beta */
export class WavRecorder {
  readonly #blocks: RenderedBlock[] = [];
  readonly sampleRateHz: number;

  constructor(sampleRateHz: number) {
    this.sampleRateHz = sampleRateHz;
  }

  /** Pass this as `LocalDeviceOptions.onRendered`. */
  readonly add = (block: RenderedBlock): void => {
    this.#blocks.push(block);
  };

  /** All samples from the first block on. Sample 0 sounded at `startsAtMs`. */
  samples(): Int16Array {
    const first = this.#blocks[0]?.firstSample ?? 0;
    const last = this.#blocks.at(-1);
    const all = new Int16Array(last ? last.firstSample + last.samples.length - first : 0);
    for (const block of this.#blocks) all.set(block.samples, block.firstSample - first);
    return all;
  }

  /** When the first of `samples()` sounded, on the device's clock. 0 if nothing was recorded. */
  get startsAtMs(): number {
    return this.#blocks[0]?.soundsAtMs ?? 0;
  }

  /** Writes the file. @throws What `fs.writeFileSync` throws. */
  save(path: string): void {
    const samples = this.samples();
    const file = Buffer.alloc(HEADER_BYTES + samples.length * 2);
    file.write('RIFF', 0);
    file.writeUInt32LE(file.length - 8, 4);
    file.write('WAVEfmt ', 8);
    file.writeUInt32LE(16, 16);
    file.writeUInt16LE(1, 20);
    file.writeUInt16LE(1, 22);
    file.writeUInt32LE(this.sampleRateHz, 24);
    file.writeUInt32LE(this.sampleRateHz * 2, 28);
    file.writeUInt16LE(2, 32);
    file.writeUInt16LE(16, 34);
    file.write('data', 36);
    file.writeUInt32LE(samples.length * 2, 40);
    samples.forEach((sample, index) => {
      file.writeInt16LE(sample, HEADER_BYTES + index * 2);
    });
    writeFileSync(path, file);
  }
}
