/// <reference path="../../src/shared/worklet/globals.d.ts" />

/** What a worklet costs that does nothing. */
class Silence extends AudioWorkletProcessor {
  process(): boolean {
    return true;
  }
}

registerProcessor('silence', Silence);
