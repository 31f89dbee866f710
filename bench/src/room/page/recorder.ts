/**
 * Records what a context gives to its output: whatever is connected to the destination is connected to a recorder beside
 * it, which sums it up as the destination does.
 */

/** Frames of one chunk: 0.2 s at 48 kHz. */
const CHUNK_FRAMES = 9600;
const READ_INTERVAL_MS = 15;

const PROCESSOR = `
  class RoomRecorder extends AudioWorkletProcessor {
    #chunk = new Int16Array(${CHUNK_FRAMES});
    #filled = 0;
    #frames = 0;
    #offset = -Infinity;
    process(inputs) {
      // Stale values of currentFrame are too small, never too large.
      this.#offset = Math.max(this.#offset, currentFrame - this.#frames);
      const block = inputs[0][0];
      for (let index = 0; index < 128; index += 1) {
        const sample = block ? Math.max(-1, Math.min(1, block[index])) : 0;
        this.#chunk[this.#filled + index] = Math.round(sample * 32767);
      }
      this.#filled += 128;
      this.#frames += 128;
      if (this.#filled === ${CHUNK_FRAMES}) {
        this.port.postMessage({ chunk: this.#chunk, offset: this.#offset });
        this.#filled = 0;
      }
      return true;
    }
  }
  registerProcessor('room-recorder', RoomRecorder);`;

/** What is taken out of the page at a time. */
interface Part {
  /** Samples, 16 bit little-endian, in base64. */
  readonly samples: string;
  /** `getOutputTimestamp` since the last part: context time and the page's time, both ms, in order. */
  readonly readings: readonly (readonly [number, number])[];
  /** Context frame of the first sample of the whole recording. */
  readonly offset: number;
  readonly isLast: boolean;
}

export class Recorder {
  readonly #context: AudioContext;
  #chunks: Int16Array[] = [];
  #readings: [number, number][] = [];
  #lastContextMs = 0;
  #offset = 0;

  /** To be called before anything is connected to the context's destination. */
  static async start(context: AudioContext): Promise<Recorder> {
    const url = URL.createObjectURL(new Blob([PROCESSOR], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(url);
    return new Recorder(context);
  }

  private constructor(context: AudioContext) {
    this.#context = context;
    const node = new AudioWorkletNode(context, 'room-recorder', {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    node.port.onmessage = ({ data }: MessageEvent<{ chunk: Int16Array; offset: number }>) => {
      this.#chunks.push(data.chunk);
      this.#offset = data.offset;
    };
    listenBeside(context, node);
    setInterval(() => this.#read(), READ_INTERVAL_MS);
  }

  /** The next of what was recorded, and forgets it. */
  take({ chunks }: { readonly chunks: number }): Part {
    const taken = this.#chunks.splice(0, chunks);
    const all = new Int16Array(taken.length * CHUNK_FRAMES);
    for (const [place, chunk] of taken.entries()) all.set(chunk, place * CHUNK_FRAMES);
    const readings = this.#readings.splice(0);
    const isLast = this.#chunks.length === 0;
    return {
      samples: toBase64(new Uint8Array(all.buffer)),
      readings,
      offset: this.#offset,
      isLast,
    };
  }

  #read(): void {
    if (this.#context.state !== 'running') return;
    const { contextTime = 0, performanceTime = 0 } = this.#context.getOutputTimestamp();
    const contextMs = contextTime * 1000;
    if (contextMs <= 0 || contextMs === this.#lastContextMs) return;
    this.#lastContextMs = contextMs;
    this.#readings.push([contextMs, performanceTime]);
  }
}

function listenBeside(context: AudioContext, recorder: AudioNode): void {
  const native = AudioNode.prototype;
  const connect = native.connect as (this: AudioNode, ...to: unknown[]) => unknown;
  const disconnect = native.disconnect as (this: AudioNode, ...to: unknown[]) => unknown;
  const isOutput = (node: unknown): boolean => node === context.destination;
  Object.assign(native, {
    connect(this: AudioNode, ...to: unknown[]): unknown {
      if (isOutput(to[0])) connect.call(this, recorder);
      return connect.apply(this, to);
    },
    disconnect(this: AudioNode, ...from: unknown[]): unknown {
      if (isOutput(from[0])) disconnect.call(this, recorder);
      return disconnect.apply(this, from);
    },
  });
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 8192)
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  return btoa(text);
}
