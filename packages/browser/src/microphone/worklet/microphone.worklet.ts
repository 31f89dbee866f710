import { MICROPHONE_PROCESSOR, MicrophoneCore } from './microphone_core.ts';

/** Sends its input to the page in frames of 20 ms. */
class MicrophoneProcessor extends AudioWorkletProcessor {
  readonly #core: MicrophoneCore;
  #disposed = false;

  constructor(_options: { readonly processorOptions?: unknown }) {
    super();
    // The port copies the frame, so nothing here has to be garbage-collected.
    this.#core = new MicrophoneCore(sampleRate, (frame) => this.port.postMessage(frame));
    this.port.onmessage = () => {
      this.#disposed = true;
    };
  }

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const block = inputs[0]?.[0];
    if (block) this.#core.take(block);
    return !this.#disposed;
  }
}

registerProcessor(MICROPHONE_PROCESSOR, MicrophoneProcessor);
