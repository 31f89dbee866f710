/** Of the context's clock, and how far the page's clock is ahead of it. */
interface Reading {
  readonly contextMs: number;
  readonly offsetMs: number;
}

/** A fifth of a second of them. */
const READINGS = 9;

/** Records the output of a context, and computes when each frame of it sounds. Independent of the reporter. */
export class RenderedTruth {
  readonly #context: AudioContext;
  readonly #blocks: (Float32Array | undefined)[] = [];
  readonly #readings: Reading[] = [];
  #offset = Number.NEGATIVE_INFINITY;
  #lastReading = 0;

  constructor(context: AudioContext) {
    this.#context = context;
  }

  /** Records what is connected to the destination from now on. */
  async record(): Promise<void> {
    await this.#context.audioWorklet.addModule('recorder.worklet.js');
    const node = new AudioWorkletNode(this.#context, 'recorder', {
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    node.port.onmessage = ({ data }) => {
      this.#offset = Math.max(this.#offset, data.atFrame - this.#blocks.length * 128);
      this.#blocks.push(data.block);
    };
    const { destination } = this.#context;
    const connect = AudioNode.prototype.connect as (...args: unknown[]) => AudioNode;
    connect.call(node, destination);
    AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
      if (args[0] === destination) connect.call(this, node);
      return connect.apply(this, args);
    } as typeof AudioNode.prototype.connect;
    setInterval(() => this.#read(), 20);
  }

  /**
   * When `sound`, at 48 kHz, begins, on the page's clock. Searches 200 ms to each side of the guess. A process that stands
   * still stops its sound, and the clock of the sound jumps: `jumpMs` is by how much it did around this instant.
   */
  startOf(
    sound: Float32Array,
    guessMs: number,
  ): { atMs: number; correlation: number; jumpMs: number } {
    const recorded = this.#samples();
    const guess = Math.round(this.#frameAt(guessMs));
    const first = Math.max(1, guess - 9600);
    const { place, correlation } = find(recorded, sound, first, guess + 9600);
    const contextMs = (place + this.#offset) / 48;
    const offsetsMs = this.#offsetsNear(contextMs, (one) => one.contextMs);
    const jumpMs = (offsetsMs.at(-1) ?? 0) - (offsetsMs[0] ?? 0);
    return { atMs: contextMs + medianOf(offsetsMs), correlation, jumpMs };
  }

  /** Loudest sample between two instants of the page's clock. */
  loudest(fromMs: number, toMs: number): number {
    let loudest = 0;
    const samples = this.#samples();
    const to = Math.round(this.#frameAt(toMs));
    for (let index = Math.max(0, Math.round(this.#frameAt(fromMs))); index < to; index += 1)
      loudest = Math.max(loudest, Math.abs(samples[index] ?? 0));
    return loudest;
  }

  #samples(): Float32Array {
    const all = new Float32Array(this.#blocks.length * 128);
    for (const [index, block] of this.#blocks.entries()) if (block) all.set(block, index * 128);
    return all;
  }

  #frameAt(pageMs: number): number {
    const offsetsMs = this.#offsetsNear(pageMs, (one) => one.contextMs + one.offsetMs);
    return (pageMs - medianOf(offsetsMs)) * 48 - this.#offset;
  }

  #read(): void {
    const { contextTime = 0, performanceTime = 0 } = this.#context.getOutputTimestamp();
    if (contextTime === 0 || contextTime === this.#lastReading) return;
    this.#lastReading = contextTime;
    const contextMs = contextTime * 1000;
    this.#readings.push({ contextMs, offsetMs: performanceTime - contextMs });
  }

  /** By size. What the clock did a second away does not count: it may have jumped since. */
  #offsetsNear(nearMs: number, instantOf: (reading: Reading) => number): number[] {
    const awayMs = (reading: Reading): number => Math.abs(instantOf(reading) - nearMs);
    return [...this.#readings]
      .sort((a, b) => awayMs(a) - awayMs(b))
      .slice(0, READINGS)
      .map((reading) => reading.offsetMs)
      .sort((a, b) => a - b);
  }
}

function medianOf(sorted: readonly number[]): number {
  return sorted[sorted.length >> 1] ?? 0;
}

/** The best match, by normalised correlation of the pre-emphasised signals at the full rate. */
function find(
  recorded: Float32Array,
  sound: Float32Array,
  from: number,
  to: number,
): { place: number; correlation: number } {
  const wanted = emphasise(sound);
  const heard = emphasise(recorded.subarray(0, to + sound.length));
  const norm = Math.sqrt(energy(wanted));
  let best = { place: from, correlation: -1 };
  for (let at = from; at < to && at + wanted.length < heard.length; at += 1) {
    let sum = 0;
    let power = 1e-12;
    for (let index = 0; index < wanted.length; index += 1) {
      const value = heard[at + index] as number;
      sum += value * (wanted[index] as number);
      power += value * value;
    }
    const correlation = sum / (norm * Math.sqrt(power));
    if (correlation > best.correlation) best = { place: at, correlation };
  }
  return best;
}

function emphasise(samples: Float32Array): Float32Array {
  return samples.map((value, index) => value - 0.8 * (samples[index - 1] ?? 0));
}

function energy(samples: Float32Array): number {
  return samples.reduce((sum, value) => sum + value * value, 0);
}
