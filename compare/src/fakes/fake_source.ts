import type { AudioFrame } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';
import type { Ear } from './ear.ts';
import { SAMPLE_RATE_HZ } from './words_tts.ts';

const BLOCK_MS = 10;
const BLOCK_SAMPLES = (BLOCK_MS * SAMPLE_RATE_HZ) / 1000;

/**
 * What rtc-node's `AudioSource` does, on a clock that is given: a block leaves every 10 ms, a capture waits while more than
 * `queueMs` is queued. What leaves reaches the ear after `pathMs`.
 */
export class FakeSource {
  readonly #clock: Clock;
  readonly #ear: Ear;
  readonly #pathMs: number;
  readonly #queueMs: number;
  #queue: number[] = [];
  #cancelTick: (() => void) | undefined;
  #waiting: (() => void)[] = [];
  #drained: (() => void)[] = [];

  constructor(of: {
    readonly clock: Clock;
    readonly ear: Ear;
    readonly pathMs: number;
    readonly queueMs: number;
  }) {
    this.#clock = of.clock;
    this.#ear = of.ear;
    this.#pathMs = of.pathMs;
    this.#queueMs = of.queueMs;
  }

  /** Ms. */
  get queuedDuration(): number {
    return (this.#queue.length * 1000) / SAMPLE_RATE_HZ;
  }

  async captureFrame(frame: AudioFrame): Promise<void> {
    for (const sample of frame.data) this.#queue.push(sample);
    this.#cancelTick ??= this.#clock.schedule(BLOCK_MS, () => this.#tick());
    while (this.queuedDuration > this.#queueMs)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
  }

  clearQueue(): void {
    this.#queue = [];
    this.#release();
  }

  async waitForPlayout(): Promise<void> {
    if (this.#queue.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#drained.push(resolve);
    });
  }

  async close(): Promise<void> {
    this.#cancelTick?.();
    this.#queue = [];
    this.#release();
  }

  #tick(): void {
    this.#cancelTick = undefined;
    const block = Int16Array.from(this.#queue.splice(0, BLOCK_SAMPLES));
    if (block.length > 0) this.#ear.hear(block, this.#clock.nowMs() + this.#pathMs);
    this.#release();
    if (this.#queue.length > 0)
      this.#cancelTick = this.#clock.schedule(BLOCK_MS, () => this.#tick());
  }

  #release(): void {
    if (this.queuedDuration <= this.#queueMs)
      for (const resolve of this.#waiting.splice(0)) resolve();
    if (this.#queue.length === 0) for (const resolve of this.#drained.splice(0)) resolve();
  }
}
