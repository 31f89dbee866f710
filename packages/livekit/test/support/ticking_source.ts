import type { AudioFrame } from '@livekit/rtc-node';
import type { ManualClock } from '@oncue/core/testing';
import type { FrameSource } from '../../src/listeners/room/source_queue.ts';

/** How a source ticks. */
export interface Ticking {
  readonly queueMs: number;
  readonly firstTickMs: number;
  /** By how much each callback comes late. */
  readonly lateMs?: () => number;
}

/** Behaves as rtc-node's `AudioSource`: a block every 10 ms, silence where none is queued. On the manual clock. */
export class TickingSource implements FrameSource {
  /** All that left, blocks of silence left out. */
  readonly left: number[] = [];
  /** When each sample value of `left` left, by block. */
  readonly leftAtMs: number[] = [];
  closed = false;
  /** Until what is pushed stands in the queue. */
  takesMs = 0;
  /** Behind that, until it is told, if it does not have to wait. */
  toldAfterMs = 0;
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
    if (this.#queuedMs <= this.#ticking.queueMs) return this.#told();
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  async #told(): Promise<void> {
    if (this.toldAfterMs === 0) return;
    await new Promise<void>((resolve) => this.#clock.schedule(this.toldAfterMs, resolve));
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
