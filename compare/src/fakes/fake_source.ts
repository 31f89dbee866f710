import type { AudioFrame } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';
import { SAMPLE_RATE_HZ } from './words_tts.ts';

const BLOCK_MS = 10;
const BLOCK_SAMPLES = (BLOCK_MS * SAMPLE_RATE_HZ) / 1000;

/** The ticks of a source go on while its queue is empty; they come at this phase of the clock, ms. */
const PHASE_MS = 3;

/** What a source works with. */
export interface FakeSourcePort {
  readonly clock: Clock;
  readonly queueMs: number;
  /** A block leaves now. */
  readonly leaves: (block: Int16Array) => void;
}

/**
 * What rtc-node's `AudioSource` does, on a clock that is given: a block leaves at each tick, every 10 ms; a capture waits
 * while more than `queueMs` is queued.
 */
export class FakeSource {
  readonly #port: FakeSourcePort;
  #queue: number[] = [];
  #cancelTick: (() => void) | undefined;
  #waiting: (() => void)[] = [];
  #drained: (() => void)[] = [];

  constructor(port: FakeSourcePort) {
    this.#port = port;
  }

  /** Ms. */
  get queuedDuration(): number {
    return (this.#queue.length * 1000) / SAMPLE_RATE_HZ;
  }

  async captureFrame(frame: AudioFrame): Promise<void> {
    for (const sample of frame.data) this.#queue.push(sample);
    this.#scheduleTick();
    while (this.queuedDuration > this.#port.queueMs)
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

  #scheduleTick(): void {
    if (this.#cancelTick) return;
    const sinceTickMs = (this.#port.clock.nowMs() - PHASE_MS) % BLOCK_MS;
    const waitMs = BLOCK_MS - (sinceTickMs < 0 ? sinceTickMs + BLOCK_MS : sinceTickMs);
    this.#cancelTick = this.#port.clock.schedule(waitMs, () => this.#tick());
  }

  #tick(): void {
    this.#cancelTick = undefined;
    const block = Int16Array.from(this.#queue.splice(0, BLOCK_SAMPLES));
    if (block.length > 0) this.#port.leaves(block);
    this.#release();
    if (this.#queue.length > 0) this.#scheduleTick();
  }

  #release(): void {
    if (this.queuedDuration <= this.#port.queueMs)
      for (const resolve of this.#waiting.splice(0)) resolve();
    if (this.#queue.length === 0) for (const resolve of this.#drained.splice(0)) resolve();
  }
}
