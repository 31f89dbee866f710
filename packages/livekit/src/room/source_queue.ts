import type { AudioFrame } from '@livekit/rtc-node';
import { type AgentMs, addMs, type Clock, laterOf } from '@oncue/core';

/** The part of rtc-node's `AudioSource` that is used. */
export interface FrameSource {
  captureFrame(frame: AudioFrame): Promise<void>;
  clearQueue(): void;
  close(): Promise<void>;
}

/** A block leaves at every tick (`webrtc-sys/src/audio_track.cpp`: a repeating task, silence where nothing is queued). */
export const TICK_MS = 10;

/** Stamps of ticks come late by what the event loop and the way to it take, now and then by more; never early. */
const PHASE_DRIFT_MS = 0.02;

/** So soon behind a tick, a stamp is of that tick; a later one may be of any before. */
const PUNCTUAL_MS = 2;

/** What a queue works with. */
export interface QueuePort {
  readonly source: FrameSource;
  readonly clock: Clock;
  readonly queueMs: number;
  /** What leaves from an instant on was seen to do so later than was said, ms; below 0: earlier. */
  readonly queueMoved: (fromMs: AgentMs, byMs: number) => void;
}

/**
 * The queue of an `AudioSource`, and when what is in it leaves.
 *
 * The source tells only one thing of its time: a capture that finds more than `queueMs` queued is answered at the tick
 * that brings the queue down to it. That puts the model right to the tick, and its phase to the callback's delay; both
 * hold for as long as the source lives, since its task makes up for being late. (`AudioSource.queuedDuration` counts
 * whole milliseconds from the first capture and knows no ticks.)
 *
 * A block pushed shortly before a tick may miss it, since it takes another thread to queue it. The first answer shows it,
 * mostly before anything has sounded: all that was pushed since the queue was empty leaves ticks later.
 */
export class SourceQueue {
  readonly #port: QueuePort;
  /** Some tick; `undefined` until one was seen. */
  #tickMs: AgentMs | undefined;
  /** The tick at which a block pushed now would leave, if it joins what is queued. */
  #endMs: AgentMs;
  /** When the first block left that found the queue empty, as far as is known. */
  #runFromMs: AgentMs;

  constructor(port: QueuePort) {
    this.#port = port;
    this.#endMs = port.clock.nowMs();
    this.#runFromMs = this.#endMs;
  }

  /** When the first sample of what is pushed now leaves. */
  get leavesAtMs(): AgentMs {
    return laterOf(this.#endMs, this.#nextTickMs);
  }

  /** What has not left, ms. */
  get queuedMs(): number {
    return Math.max(0, this.#endMs - this.#nextTickMs);
  }

  /**
   * Queues whole blocks of 10 ms. Returns when there is room for more.
   *
   * @throws Error when the source is closed.
   */
  async push(frame: AudioFrame): Promise<void> {
    const durationMs = (frame.samplesPerChannel * 1000) / frame.sampleRate;
    const waits = this.queuedMs + durationMs > this.#port.queueMs + TICK_MS;
    const { leavesAtMs } = this;
    if (leavesAtMs > this.#endMs) this.#runFromMs = leavesAtMs;
    this.#endMs = addMs(leavesAtMs, durationMs);
    const cleared = this.#endMs;
    await this.#port.source.captureFrame(frame);
    if (waits && this.#endMs === cleared) this.#sawTick();
  }

  /** Empties it. @returns What had not left, ms; whole blocks. */
  clear(): number {
    this.#port.source.clearQueue();
    const leftMs = Math.round(this.queuedMs / TICK_MS) * TICK_MS;
    this.#endMs = this.#port.clock.nowMs();
    return leftMs;
  }

  close(): Promise<void> {
    return this.#port.source.close();
  }

  get #nextTickMs(): AgentMs {
    const nowMs = this.#port.clock.nowMs();
    // Before any tick was seen: the middle of the interval in which the next lies.
    if (this.#tickMs === undefined) return addMs(nowMs, TICK_MS / 2);
    return addMs(this.#tickMs, Math.ceil((nowMs - this.#tickMs) / TICK_MS) * TICK_MS);
  }

  /** The queue has come down to `queueMs` at a tick just passed. */
  #sawTick(): void {
    const nowMs = this.#port.clock.nowMs();
    const endMs = addMs(nowMs, this.#port.queueMs + TICK_MS);
    if (this.#tickMs === undefined) {
      this.#tickMs = nowMs;
      this.#move(endMs - this.#endMs);
      return;
    }
    const ticks = Math.round((endMs - this.#endMs) / TICK_MS);
    const lateMs = endMs - this.#endMs - ticks * TICK_MS;
    // The earliest stamp is the best. It is let go slowly, else one wrong stamp would stand for ever.
    const shiftMs = lateMs < 0 ? lateMs : Math.min(lateMs, PHASE_DRIFT_MS);
    this.#tickMs = addMs(this.#tickMs, shiftMs);
    this.#endMs = addMs(this.#endMs, shiftMs);
    if (ticks < 0 || (ticks > 0 && lateMs <= PUNCTUAL_MS)) this.#move(ticks * TICK_MS);
  }

  #move(byMs: number): void {
    this.#port.queueMoved(this.#runFromMs, byMs);
    this.#runFromMs = addMs(this.#runFromMs, byMs);
    this.#endMs = addMs(this.#endMs, byMs);
  }
}
