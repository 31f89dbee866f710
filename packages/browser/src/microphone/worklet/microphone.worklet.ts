import { MICROPHONE_PROCESSOR, MicrophoneCore } from './microphone_core.ts';

/** Sends what it hears to the page, a frame of 20 ms at a time. */
class MicrophoneProcessor extends AudioWorkletProcessor {
  readonly #core: MicrophoneCore;
  #disposed = false;

  constructor(_options: { readonly processorOptions?: unknown }) {
    super();
    // The port copies the frame, so that nothing is left here for the garbage collector.
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
