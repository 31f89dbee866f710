import { AudioFrame, AudioResampler } from '@livekit/rtc-node';

/** Makes one mono stream at one rate of frames of any rate and number of channels. */
export class MonoResampler {
  readonly #rateHz: number;
  /** Of the frames that came last, if their rate is another. */
  #current: { readonly fromHz: number; readonly resampler: AudioResampler } | undefined;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  /** @returns The samples that are ready; those of the frame may come later. */
  push(frame: AudioFrame): readonly Int16Array[] {
    const mono = frame.channels === 1 ? frame : mixedToMono(frame);
    // An agent may put a recorded sound before its voice, at a rate of its own.
    const before = this.#current?.fromHz === frame.sampleRate ? [] : this.flush();
    if (frame.sampleRate === this.#rateHz) return [...before, mono.data];
    this.#current ??= {
      fromHz: frame.sampleRate,
      resampler: new AudioResampler(frame.sampleRate, this.#rateHz, 1),
    };
    return [...before, ...this.#current.resampler.push(mono).map(({ data }) => data)];
  }

  /** @returns The samples that are left. What is pushed next begins a new stream. */
  flush(): readonly Int16Array[] {
    const resampler = this.#current?.resampler;
    this.#current = undefined;
    const rest = resampler?.flush().map(({ data }) => data) ?? [];
    resampler?.close();
    return rest;
  }
}

/** Speech is mono; of anything else the mean of the channels is taken. */
function mixedToMono(frame: AudioFrame): AudioFrame {
  const mono = AudioFrame.create(frame.sampleRate, 1, frame.samplesPerChannel);
  for (let index = 0; index < mono.data.length; index += 1) {
    let sum = 0;
    for (let channel = 0; channel < frame.channels; channel += 1)
      sum += frame.data[index * frame.channels + channel] ?? 0;
    mono.data[index] = Math.round(sum / frame.channels);
  }
  return mono;
}
