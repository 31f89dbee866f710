const LOUD = 0.02;
const QUIET_S = 0.1;

/**
 * Passes audio on, and reports sounds to the page: loud samples with at most 100 ms of quiet between them.
 *
 * The message is `[first]` when a sound starts and `[first, last]` when it has ended: context times, in seconds, of its
 * first and last loud sample. Allocates only for these messages.
 */
class Level extends AudioWorkletProcessor {
  #firstFrame: number | undefined;
  #lastFrame = 0;

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
    if (this.#firstFrame !== undefined && currentFrame - this.#lastFrame > QUIET_S * sampleRate) {
      this.port.postMessage([this.#firstFrame / sampleRate, this.#lastFrame / sampleRate]);
      this.#firstFrame = undefined;
    }
    for (let index = 0; index < samples.length; index += 1) {
      if (Math.abs(samples[index] ?? 0) >= LOUD) this.#hear(currentFrame + index);
    }
  }

  #hear(frame: number): void {
    this.#lastFrame = frame;
    if (this.#firstFrame !== undefined) return;
    this.#firstFrame = frame;
    this.port.postMessage([frame / sampleRate]);
  }
}

registerProcessor('level', Level);
