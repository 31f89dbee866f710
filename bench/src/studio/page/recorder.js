// Runs in the page before its own code: records everything that goes into an AudioContext's output, and what the browser
// says of that output's clock. Knows nothing of the player.
{
  /** Frames of one message: at 16 kHz 128 ms. */
  const CHUNK_FRAMES = 2048;
  const READ_INTERVAL_MS = 15;

  const recorderSource = `
    class BenchRecorder extends AudioWorkletProcessor {
      #chunk = new Int16Array(${CHUNK_FRAMES});
      #filled = 0;
      #frames = 0;
      #offset = -Infinity;
      process(inputs) {
        // Stale values of currentFrame are too small, never too large.
        this.#offset = Math.max(this.#offset, currentFrame - this.#frames);
        const block = inputs[0][0];
        for (let index = 0; index < 128; index += 1)
          this.#chunk[this.#filled + index] = block ? Math.round(block[index] * 32768) : 0;
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
    registerProcessor('bench-recorder', BenchRecorder);`;

  const recordings = [];

  const modules = new WeakMap();
  function moduleOf(context) {
    if (!modules.has(context)) {
      const url = URL.createObjectURL(new Blob([recorderSource], { type: 'text/javascript' }));
      modules.set(context, context.audioWorklet.addModule(url));
    }
    return modules.get(context);
  }

  async function record(node, connect) {
    const { context } = node;
    await moduleOf(context);
    const recorder = new AudioWorkletNode(context, 'bench-recorder', {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    const recording = {
      sampleRateHz: context.sampleRate,
      chunks: [],
      renderedAtEpochMs: [],
      offset: 0,
      readings: [],
      outputLatencyMs: 0,
      /** What the browser counted of its output's running dry, where it counts. */
      dry: undefined,
    };
    recordings.push(recording);
    recorder.port.onmessage = ({ data }) => {
      recording.chunks.push(data.chunk);
      recording.renderedAtEpochMs.push(data.renderedAtEpochMs);
      recording.offset = data.offset;
    };
    connect.call(node, recorder);
    setInterval(() => readOutput(context, recording), READ_INTERVAL_MS);
  }

  /** How late each of the page's timers came, of those above. */
  const timersLateMs = [];
  let lastTimerAtMs;

  function readOutput(context, recording) {
    const nowMs = performance.now();
    if (lastTimerAtMs !== undefined)
      timersLateMs.push(Math.max(0, nowMs - lastTimerAtMs - READ_INTERVAL_MS));
    lastTimerAtMs = nowMs;
    if (context.state !== 'running') return;
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    const last = recording.readings.at(-1);
    if (contextTime > 0 && contextTime * 1000 !== last?.[0])
      recording.readings.push([contextTime * 1000, performanceTime]);
    recording.outputLatencyMs = context.outputLatency * 1000;
    const { underrunEvents, underrunDuration } = context.playbackStats ?? {};
    if (underrunEvents !== undefined)
      recording.dry = { count: underrunEvents, ms: underrunDuration * 1000 };
  }

  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function tapped(...to) {
    const isOutput = to[0] instanceof AudioDestinationNode && this.context instanceof AudioContext;
    // Without a record there is nothing to measure, and the bench says so.
    if (isOutput) record(this, connect).catch(() => {});
    return connect.apply(this, to);
  };

  function toBase64(bytes) {
    let text = '';
    for (let from = 0; from < bytes.length; from += 8192)
      text += String.fromCharCode(...bytes.subarray(from, from + 8192));
    return btoa(text);
  }

  globalThis.benchRecorder = {
    timersLateMs: () => timersLateMs,
    recordings: () =>
      recordings.map(({ chunks, ...rest }) => ({ ...rest, chunkCount: chunks.length })),
    /** Samples of some chunks, 16 bit little-endian. */
    samples: ({ recording, from, to }) => {
      const chunks = recordings[recording].chunks.slice(from, to);
      const all = new Int16Array(chunks.length * CHUNK_FRAMES);
      for (const [place, chunk] of chunks.entries()) all.set(chunk, place * CHUNK_FRAMES);
      return toBase64(new Uint8Array(all.buffer));
    },
  };
}
