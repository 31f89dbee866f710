/// <reference path="../../src/shared/worklet/globals.d.ts" />

/** Sends every block that comes in to the page. For tests: it allocates. */
class Recorder extends AudioWorkletProcessor {
  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const block = inputs[0]?.[0];
    if (block) this.port.postMessage(block);
    return true;
  }
}

registerProcessor('recorder', Recorder);
