/// <reference path="../../src/shared/worklet/globals.d.ts" />

/** Sends every block that comes in to the page, with the context's count. For tests: it allocates. */
class TimedRecorder extends AudioWorkletProcessor {
  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    this.port.postMessage({ atFrame: currentFrame, block: inputs[0]?.[0]?.slice() });
    return true;
  }
}

registerProcessor('timed-recorder', TimedRecorder);
