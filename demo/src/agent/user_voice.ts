import { type tts, voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';
import { SAMPLE_RATE_HZ } from '@oncue/embedded';

const FRAME_MS = 20;
const FRAME_SAMPLES = (SAMPLE_RATE_HZ * FRAME_MS) / 1000;

/** A simulated microphone: one frame every 20 ms, silent unless the user speaks. */
export class UserVoice extends voice.AudioInput {
  readonly #clock: Clock;
  readonly #channel = new TransformStream<AudioFrame, AudioFrame>();
  readonly #writer = this.#channel.writable.getWriter();
  #speech: Int16Array = new Int16Array(0);
  #dueMs: number;
  #cancelTick: () => void = () => {};

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
    this.#dueMs = clock.nowMs();
    // LiveKit uses the stream types of node:stream/web; the objects are the same.
    this.multiStream.addInputStream(this.#channel.readable as never);
    this.#tick();
  }

  /** Speaks these samples from the next frame on. */
  say(samples: Int16Array): void {
    this.#speech = samples;
  }

  override async close(): Promise<void> {
    this.#cancelTick();
    await this.#writer.close().catch(() => {});
    await super.close();
  }

  /** Catches up with the clock, so that a late timer does not slow down the user's speech. */
  #tick(): void {
    for (; this.#dueMs <= this.#clock.nowMs(); this.#dueMs += FRAME_MS) {
      const data = new Int16Array(FRAME_SAMPLES);
      data.set(this.#speech.subarray(0, FRAME_SAMPLES));
      this.#speech = this.#speech.subarray(FRAME_SAMPLES);
      const frame = new AudioFrame(data, SAMPLE_RATE_HZ, 1, FRAME_SAMPLES);
      this.#writer.write(frame).catch(() => {});
    }
    const waitMs = this.#dueMs - this.#clock.nowMs();
    this.#cancelTick = this.#clock.schedule(waitMs, () => this.#tick());
  }
}

/** Speaks a text into a buffer. */
export async function speakAll(speaker: tts.TTS, text: string): Promise<Int16Array> {
  const chunks: Int16Array[] = [];
  for await (const { frame } of speaker.synthesize(text)) chunks.push(frame.data);
  return Int16Array.from(chunks.flatMap((chunk) => [...chunk]));
}
