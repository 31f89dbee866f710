/// <reference path="../../packages/browser/src/worklet/globals.d.ts" />

const LOUD = 0.02;
const QUIET_BEFORE_S = 0.1;

/**
 * Passes audio on, and tells the page of the first loud sample after quiet.
 *
 * Its message: the instant of that sample, in seconds of the context. Allocates only then.
 */
class Level extends AudioWorkletProcessor {
  #lastLoudFrame = Number.NEGATIVE_INFINITY;

  process(
    inputs: readonly (readonly Float32Array[])[],
    outputs: readonly (readonly Float32Array[])[],
  ): boolean {
    const input = inputs[0] ?? [];
    for (const [channel, output] of (outputs[0] ?? []).entries()) {
      const from = input[channel] ?? input[0];
      if (from) output.set(from);
    }
    this.#listen(input[0] ?? []);
    return true;
  }

  #listen(samples: ArrayLike<number>): void {
    for (let index = 0; index < samples.length; index += 1) {
      if (Math.abs(samples[index] ?? 0) < LOUD) continue;
      const frame = currentFrame + index;
      if (frame - this.#lastLoudFrame > QUIET_BEFORE_S * sampleRate) {
        this.port.postMessage(frame / sampleRate);
      }
      this.#lastLoudFrame = frame;
    }
  }
}

registerProcessor('level', Level);
