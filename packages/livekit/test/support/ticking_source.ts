import type { AudioFrame } from '@livekit/rtc-node';
import type { ManualClock } from '@oncue/core/testing';
import type { FrameSource } from '../../src/listeners/room/source_queue.ts';

/** How a source ticks. */
export interface Ticking {
  readonly queueMs: number;
  readonly firstTickMs: number;
  /** By how much each answer after a tick is late. */
  readonly lateMs?: () => number;
}

/** Behaves like rtc-node's `AudioSource`, on the manual clock: a block leaves every 10 ms, silence if none is queued. */
export class TickingSource implements FrameSource {
  /** All samples that left, without the blocks of silence. */
  readonly left: number[] = [];
  /** When each block of `left` left. */
  readonly leftAtMs: number[] = [];
  closed = false;
  /** Time from a push until the block is queued. */
  takesMs = 0;
  /** Time from then to the answer, if there was room. */
  answersAfterMs = 0;
  readonly #clock: ManualClock;
  readonly #ticking: Ticking;
  #queue: number[] = [];
  #rateHz = 24_000;
  #waiting: (() => void) | undefined;

  constructor(clock: ManualClock, ticking: Ticking) {
    this.#clock = clock;
    this.#ticking = ticking;
    clock.schedule(ticking.firstTickMs, () => this.#tick());
  }

  captureFrame(frame: AudioFrame): Promise<void> {
    if (this.closed) return Promise.reject(new Error('AudioSource is closed'));
    this.#rateHz = frame.sampleRate;
    if (this.takesMs > 0) return this.#captureLater(frame);
    return this.#take(frame);
  }

  #captureLater(frame: AudioFrame): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.schedule(this.takesMs, () => void this.#take(frame).then(resolve));
    });
  }

  #take(frame: AudioFrame): Promise<void> {
    for (const sample of frame.data) this.#queue.push(sample);
    if (this.#queuedMs <= this.#ticking.queueMs) return this.#answer();
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  async #answer(): Promise<void> {
    if (this.answersAfterMs === 0) return;
    await new Promise<void>((resolve) => this.#clock.schedule(this.answersAfterMs, resolve));
  }

  clearQueue(): void {
    this.#queue = [];
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  /** When a block pushed now would leave. */
  get endMs(): number {
    return this.#nextTickMs + this.#queuedMs;
  }

  get leftMs(): number {
    return (this.left.length * 1000) / this.#rateHz;
  }

  get #queuedMs(): number {
    return (this.#queue.length * 1000) / this.#rateHz;
  }

  get #nextTickMs(): number {
    const { firstTickMs } = this.#ticking;
    return firstTickMs + Math.ceil((this.#clock.nowMs() - firstTickMs) / 10) * 10;
  }

  #tick(): void {
    const block = this.#rateHz / 100;
    if (this.#queue.length >= block) {
      this.left.push(...this.#queue.splice(0, block));
      this.leftAtMs.push(this.#clock.nowMs());
    }
    const { queueMs, lateMs } = this.#ticking;
    const waiting = this.#waiting;
    if (waiting && this.#queuedMs <= queueMs) {
      this.#waiting = undefined;
      this.#clock.schedule(lateMs?.() ?? 0, waiting);
    }
    if (!this.closed) this.#clock.schedule(10, () => this.#tick());
  }
}
