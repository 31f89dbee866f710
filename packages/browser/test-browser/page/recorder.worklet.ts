/// <reference path="../../src/shared/worklet/globals.d.ts" />

/** Sends every block of its input to the page, with the context's frame count. For tests only: it allocates. */
class Recorder extends AudioWorkletProcessor {
  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    this.port.postMessage({ atFrame: currentFrame, block: inputs[0]?.[0]?.slice() });
    return true;
  }
}

registerProcessor('recorder', Recorder);
