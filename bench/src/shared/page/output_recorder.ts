import type { RecordingFacts } from './recording_facts.ts';

/**
 * Records what a page sends to the outputs of its AudioContexts, and what the browser reports about the clocks of those
 * outputs. Everything that is connected to a context's destination is also connected to a recorder, which mixes it as the
 * destination does. It knows nothing about what plays.
 */

/** Frames of one chunk: 128 ms at 16 kHz, 43 ms at 48 kHz. */
const CHUNK_FRAMES = 2048;
const READ_INTERVAL_MS = 15;
const PROCESSOR_NAME = 'bench-output-recorder';

const PROCESSOR = `
  class OutputRecorder extends AudioWorkletProcessor {
    #chunk = new Int16Array(${CHUNK_FRAMES});
    #filled = 0;
    #frames = 0;
    #offset = -Infinity;
    process(inputs) {
      // Stale values of currentFrame are too small, never too large.
      this.#offset = Math.max(this.#offset, currentFrame - this.#frames);
      const block = inputs[0][0];
      for (let index = 0; index < 128; index += 1) {
        const sample = block ? Math.round(block[index] * 32768) : 0;
        this.#chunk[this.#filled + index] = Math.max(-32768, Math.min(32767, sample));
      }
      this.#filled += 128;
      this.#frames += 128;
      if (this.#filled === ${CHUNK_FRAMES}) {
        // When the last block was rendered, by the wall clock, in whole ms.
        this.port.postMessage({ chunk: this.#chunk, offset: this.#offset, renderedAtEpochMs: Date.now() });
        this.#filled = 0;
      }
      return true;
    }
  }
  registerProcessor('${PROCESSOR_NAME}', OutputRecorder);`;

interface Chunk {
  readonly chunk: Int16Array;
  readonly offset: number;
  readonly renderedAtEpochMs: number;
}

/** One context's output. */
export class OutputRecording {
  readonly #context: AudioContext;
  readonly #node: Promise<AudioWorkletNode>;
  readonly #chunks: Int16Array[] = [];
  readonly #renderedAtEpochMs: number[] = [];
  readonly #readings: [number, number][] = [];
  #offset = 0;
  #dry: { count: number; ms: number } | undefined;
  /** Set once the recorder runs; what is connected from then on is recorded from its first sample. */
  readyNode: AudioWorkletNode | undefined;

  constructor(context: AudioContext) {
    this.#context = context;
    this.#node = this.#start();
  }

  /** What is to be connected where the destination is. */
  get node(): Promise<AudioWorkletNode> {
    return this.#node;
  }

  facts(): RecordingFacts {
    return {
      sampleRateHz: this.#context.sampleRate,
      offset: this.#offset,
      readings: this.#readings,
      renderedAtEpochMs: this.#renderedAtEpochMs,
      chunkCount: this.#chunks.length,
      chunkFrames: CHUNK_FRAMES,
      dry: this.#dry,
    };
  }

  /** The samples of some chunks: 16 bit little-endian, in base64. */
  samples(from: number, to: number): string {
    const chunks = this.#chunks.slice(from, to);
    const all = new Int16Array(chunks.length * CHUNK_FRAMES);
    for (const [place, chunk] of chunks.entries()) all.set(chunk, place * CHUNK_FRAMES);
    return toBase64(new Uint8Array(all.buffer));
  }

  /** To be called every few ms. */
  readOutput(): void {
    if (this.#context.state !== 'running') return;
    const { contextTime = 0, performanceTime = 0 } = this.#context.getOutputTimestamp();
    const contextMs = contextTime * 1000;
    if (contextMs > 0 && contextMs !== this.#readings.at(-1)?.[0])
      this.#readings.push([contextMs, performanceTime]);
    const { underrunEvents, underrunDuration = 0 } =
      (this.#context as ContextWithStats).playbackStats ?? {};
    if (underrunEvents !== undefined)
      this.#dry = { count: underrunEvents, ms: underrunDuration * 1000 };
  }

  async #start(): Promise<AudioWorkletNode> {
    const url = URL.createObjectURL(new Blob([PROCESSOR], { type: 'text/javascript' }));
    await this.#context.audioWorklet.addModule(url);
    const node = new AudioWorkletNode(this.#context, PROCESSOR_NAME, {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    node.port.onmessage = ({ data }: MessageEvent<Chunk>) => {
      this.#chunks.push(data.chunk);
      this.#renderedAtEpochMs.push(data.renderedAtEpochMs);
      this.#offset = data.offset;
    };
    this.readyNode = node;
    return node;
  }
}

/** Not in the types yet. */
interface ContextWithStats {
  readonly playbackStats?: {
    readonly underrunEvents?: number;
    readonly underrunDuration?: number;
  };
}

/** Records every context of the page from now on. To be called before anything is connected to an output. */
export class OutputRecorder {
  /** In the order in which contexts were first connected to their outputs. */
  readonly recordings: OutputRecording[] = [];
  /** How late each timer of the page came, ms. */
  readonly timersLateMs: number[] = [];
  readonly #byContext = new Map<BaseAudioContext, OutputRecording>();
  #lastTimerAtMs: number | undefined;

  /** @param readsOutputs Whether to ask the browser when frames sound. In Firefox asking may stop the page. */
  constructor(readsOutputs: boolean) {
    this.#tapConnections();
    if (readsOutputs) setInterval(() => this.#readOutputs(), READ_INTERVAL_MS);
  }

  /** Gets a context's recorder ready, so that the first thing that is connected is recorded from its first sample. */
  async prepare(context: AudioContext): Promise<void> {
    await this.#of(context).node;
  }

  #of(context: AudioContext): OutputRecording {
    const known = this.#byContext.get(context);
    if (known) return known;
    const recording = new OutputRecording(context);
    this.#byContext.set(context, recording);
    this.recordings.push(recording);
    return recording;
  }

  #readOutputs(): void {
    if (this.recordings.length === 0) return;
    const nowMs = performance.now();
    if (this.#lastTimerAtMs !== undefined)
      this.timersLateMs.push(Math.max(0, nowMs - this.#lastTimerAtMs - READ_INTERVAL_MS));
    this.#lastTimerAtMs = nowMs;
    for (const recording of this.recordings) recording.readOutput();
  }

  #tapConnections(): void {
    type Call = (this: AudioNode, ...to: unknown[]) => unknown;
    const native = AudioNode.prototype;
    const connect = native.connect as Call;
    const disconnect = native.disconnect as Call;
    const recordingOf = (node: unknown): OutputRecording | undefined =>
      node instanceof AudioDestinationNode && node.context instanceof AudioContext
        ? this.#of(node.context)
        : undefined;
    const both = (call: Call) =>
      function tapped(this: AudioNode, ...to: unknown[]): unknown {
        const recording = recordingOf(to[0]);
        if (recording?.readyNode) call.call(this, recording.readyNode);
        // Without a record there is nothing to measure, and the benchmark says so.
        else recording?.node.then((recorder) => call.call(this, recorder)).catch(() => {});
        return call.apply(this, to);
      };
    Object.assign(native, { connect: both(connect), disconnect: both(disconnect) });
  }
}

/** Puts a recorder, and the page's clock, where the benchmark's own process finds them. */
export function installRecorder({ readsOutputs = true } = {}): OutputRecorder {
  const recorder = new OutputRecorder(readsOutputs);
  const benchRecorder = {
    recordings: () => recorder.recordings.map((recording) => recording.facts()),
    samples: (of: { readonly recording: number; readonly from: number; readonly to: number }) =>
      recorder.recordings[of.recording]?.samples(of.from, of.to),
    timersLateMs: () => recorder.timersLateMs,
    timeOriginMs: () => performance.timeOrigin,
    nowEpochMs: () => performance.timeOrigin + performance.now(),
  };
  Object.assign(globalThis, { benchRecorder });
  return recorder;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 8192)
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  return btoa(text);
}
