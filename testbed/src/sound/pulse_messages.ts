/**
 * Messages of PulseAudio's native protocol: a tag of one byte before each value, numbers big-endian. Only what a recording and a
 * test tone need.
 *
 * @see https://gitlab.freedesktop.org/pulseaudio/pulseaudio/-/blob/master/src/pulsecore/native-common.h
 */

export const COMMANDS = {
  error: 0,
  reply: 2,
  createPlaybackStream: 3,
  createRecordStream: 5,
  auth: 8,
  setClientName: 9,
  getPlaybackLatency: 14,
  getRecordLatency: 57,
} as const;

export type Command = keyof typeof COMMANDS;

/** 16 bit, mono, 48 kHz, as the protocol writes it: sample format 3, one channel in the middle. */
const SAMPLE_FORMAT_S16LE = 3;
const FULL_VOLUME = 0x1_0000;

/** Writes the values of a message, one after another. */
export class MessageWriter {
  readonly #parts: Buffer[] = [];

  number(value: number): this {
    return this.#tagged('L', u32(value));
  }

  /** `undefined`: none. */
  text(value: string | undefined): this {
    return value === undefined ? this.#tagged('N') : this.#tagged('t', Buffer.from(`${value}\0`));
  }

  flags(...values: readonly boolean[]): this {
    for (const value of values) this.#tagged(value ? '1' : '0');
    return this;
  }

  bytes(value: Buffer): this {
    return this.#tagged('x', u32(value.length), value);
  }

  /** Seconds and microseconds since 1970. */
  time(epochMs: number): this {
    const seconds = Math.floor(epochMs / 1000);
    return this.#tagged('T', u32(seconds), u32(Math.round((epochMs - seconds * 1000) * 1000)));
  }

  monoFormat(rateHz: number): this {
    this.#tagged('a', Buffer.from([SAMPLE_FORMAT_S16LE, 1]), u32(rateHz));
    return this.#tagged('m', Buffer.from([1, 0]));
  }

  fullVolume(): this {
    return this.#tagged('v', Buffer.from([1]), u32(FULL_VOLUME));
  }

  end(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #tagged(tag: string, ...parts: readonly Buffer[]): this {
    this.#parts.push(Buffer.from(tag), ...parts);
    return this;
  }
}

/** Reads the values of a message, one after another. */
export class MessageReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(): number {
    return this.#tagged('L', 4).readUInt32BE();
  }

  /** Microseconds. */
  micros(): number {
    return Number(this.#tagged('U', 8).readBigUInt64BE());
  }

  /** A position in a stream, in bytes. */
  position(): number {
    return Number(this.#tagged('r', 8).readBigInt64BE());
  }

  flag(): boolean {
    const tag = this.#take(1).toString();
    if (tag !== '0' && tag !== '1')
      throw new Error(`PulseAudio sent "${tag}" where a flag belongs`);
    return tag === '1';
  }

  skipTime(): void {
    this.#tagged('T', 8);
  }

  #tagged(expected: string, length: number): Buffer {
    const tag = this.#take(1).toString();
    if (tag !== expected) throw new Error(`PulseAudio sent "${tag}" where "${expected}" belongs`);
    return this.#take(length);
  }

  #take(length: number): Buffer {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
