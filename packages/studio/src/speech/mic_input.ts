import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';

/** The rate of the page's audio, which is 16-bit mono, little-endian. */
const MIC_RATE_HZ: number = 16_000;

/** The most audio of one message: 100 ms. */
export const MAX_MIC_BYTES: number = (MIC_RATE_HZ / 10) * 2;

/** How many frames wait for a busy session. Beyond that the newest are dropped: late speech is worse than a gap. */
const QUEUE_FRAMES = 100;

/** Silence after the microphone was switched off, so that voice activity detection sees the end of the speech. */
const TAIL_FRAMES = 40;
const FRAME_SAMPLES = MIC_RATE_HZ / 50;

/** The page's microphone as the audio input of a session. */
export class MicInput extends voice.AudioInput {
  #controller: ReadableStreamDefaultController<AudioFrame> | undefined;

  constructor() {
    super();
    const frames = new ReadableStream<AudioFrame>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => {
          this.#controller = undefined;
        },
      },
      { highWaterMark: QUEUE_FRAMES },
    );
    this.multiStream.addInputStream(frames);
  }

  /** Takes one message of the page. @returns Whether the message was audio. */
  push(bytes: Uint8Array): boolean {
    if (bytes.length === 0 || bytes.length % 2 !== 0 || bytes.length > MAX_MIC_BYTES) return false;
    const samples = new Int16Array(bytes.length / 2);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let index = 0; index < samples.length; index += 1)
      samples[index] = view.getInt16(index * 2, true);
    if ((this.#controller?.desiredSize ?? 0) > 0) this.#enqueue(samples);
    return true;
  }

  /** The microphone was switched off. */
  end(): void {
    for (let frame = 0; frame < TAIL_FRAMES; frame += 1) {
      // One tail fits behind a full queue. Microphones that come and go add no more.
      if ((this.#controller?.desiredSize ?? 0) <= -TAIL_FRAMES) return;
      this.#enqueue(new Int16Array(FRAME_SAMPLES));
    }
  }

  override async close(): Promise<void> {
    this.#controller = undefined;
    await super.close();
  }

  #enqueue(samples: Int16Array): void {
    this.#controller?.enqueue(new AudioFrame(samples, MIC_RATE_HZ, 1, samples.length));
  }
}
