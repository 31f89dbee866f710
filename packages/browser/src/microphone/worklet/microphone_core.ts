import { Resampler } from './resampler.ts';

/** Sample rate that is sent: the one of speech recognition and VAD. */
const MICROPHONE_RATE_HZ = 16_000;

/** Samples of a frame: 20 ms. */
export const MICROPHONE_FRAME_SAMPLES = 320;

/** The name under which the microphone's processor is registered. */
export const MICROPHONE_PROCESSOR = 'oncue-microphone';

/** The microphone's worklet without the AudioWorklet API: takes blocks of the device, sends frames of 20 ms. */
export class MicrophoneCore {
  readonly #resampler: Resampler;
  readonly #frame = new Int16Array(MICROPHONE_FRAME_SAMPLES);
  readonly #send: (frame: Int16Array<ArrayBuffer>) => void;
  /** Created once, because `process` must not allocate. */
  readonly #put: (sample: number) => void;
  #filled = 0;

  /** @param send Gets the same array every time, and must copy it. */
  constructor(sampleRateHz: number, send: (frame: Int16Array<ArrayBuffer>) => void) {
    this.#resampler = new Resampler(sampleRateHz, MICROPHONE_RATE_HZ);
    this.#send = send;
    this.#put = (sample) => this.#add(sample);
  }

  take(block: Float32Array): void {
    for (let index = 0; index < block.length; index += 1)
      this.#resampler.push(block[index] as number, this.#put);
  }

  #add(sample: number): void {
    const scaled = Math.round(sample * 32_768);
    this.#frame[this.#filled] = Math.max(-32_768, Math.min(32_767, scaled));
    this.#filled += 1;
    if (this.#filled < MICROPHONE_FRAME_SAMPLES) return;
    this.#filled = 0;
    this.#send(this.#frame);
  }
}
