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

/** Stamps of ticks, by which the phase is known: the latest. A frame lies between two. */
const STAMPS = 16;

/** A block pushed so shortly before a tick may miss it, since it takes another thread to queue it. */
const MAY_MISS_MS = 3;

/** An answer that comes so soon behind a tick was not held up. */
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
 * When the first block misses the tick that was reckoned with, all that was pushed since the queue was empty leaves a tick
 * later. Two answers that say so show it, since one may come late; one that is punctual does where that was to be feared.
 * What is sooner than reckoned shows at once, since no answer comes early.
 */
export class SourceQueue {
  readonly #port: QueuePort;
  /** Some tick; `undefined` until one was seen. */
  #tickMs: AgentMs | undefined;
  #stamps: AgentMs[] = [];
  /** By which the stamp before says that the queue is longer. */
  #ticksOff = 0;
  /** The tick at which a block pushed now would leave, if it joins what is queued. */
  #endMs: AgentMs;
  /** When the first block left that found the queue empty, as far as is known. */
  #runFromMs: AgentMs;
  /** By how much that has moved since it was said first. */
  #runMovedMs = 0;
  /** That block was not known to be queued when its tick came. */
  #mayHaveMissed = false;

  constructor(port: QueuePort) {
    this.#port = port;
    this.#endMs = port.clock.nowMs();
    this.#runFromMs = this.#endMs;
  }

  /** When the first sample of what is pushed now leaves. */
  get leavesAtMs(): AgentMs {
    return this.#seemsMissed ? this.#endMs : laterOf(this.#endMs, this.#nextTickMs);
  }

  /**
   * The same, as it would have been said had nothing been learned since the queue was empty: what leaves without a break is
   * so said to.
   */
  get unmovedLeavesAtMs(): AgentMs {
    const { leavesAtMs } = this;
    return leavesAtMs > this.#endMs ? leavesAtMs : addMs(leavesAtMs, -this.#runMovedMs);
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
    if (this.#seemsMissed) this.#move(TICK_MS);
    const durationMs = (frame.samplesPerChannel * 1000) / frame.sampleRate;
    const waits = this.queuedMs + durationMs > this.#port.queueMs + TICK_MS;
    const { leavesAtMs } = this;
    const isFirst = leavesAtMs > this.#endMs;
    const isClose = leavesAtMs - this.#port.clock.nowMs() < MAY_MISS_MS;
    if (isFirst) this.#begin(leavesAtMs);
    this.#endMs = addMs(leavesAtMs, durationMs);
    const endMs = this.#endMs;
    await this.#port.source.captureFrame(frame);
    const wasCleared = this.#endMs !== endMs;
    if (wasCleared) return;
    if (isFirst) this.#mayHaveMissed = isClose && this.#port.clock.nowMs() > leavesAtMs;
    if (waits) this.#sawTick();
  }

  /** Empties it. @returns What had not left, ms; whole blocks. */
  clear(): number {
    this.#port.source.clearQueue();
    const leftMs = Math.round(this.queuedMs / TICK_MS) * TICK_MS;
    this.#endMs = this.#port.clock.nowMs();
    this.#begin(this.#endMs);
    return leftMs;
  }

  close(): Promise<void> {
    return this.#port.source.close();
  }

  /** The queue would have run empty just now, had its first block not probably missed its tick. */
  get #seemsMissed(): boolean {
    const emptyForMs = this.#nextTickMs - this.#endMs;
    return this.#mayHaveMissed && emptyForMs > 0 && emptyForMs <= TICK_MS;
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
    this.#stamps = [...this.#stamps, nowMs].slice(-STAMPS);
    const isFirst = this.#tickMs === undefined;
    const tickMs = likeliestTick(this.#stamps);
    this.#tickMs = tickMs;
    const lateMs = sinceTick(nowMs, tickMs);
    const offMs = addMs(nowMs, this.#port.queueMs + TICK_MS - lateMs) - this.#endMs;
    if (isFirst) {
      this.#move(offMs);
      return;
    }
    const ticks = Math.round(offMs / TICK_MS);
    this.#endMs = addMs(this.#endMs, offMs - ticks * TICK_MS);
    const believed = this.#believed(ticks, lateMs);
    this.#ticksOff = ticks - believed;
    if (believed !== 0) this.#move(believed * TICK_MS);
  }

  /** Of the ticks by which a stamp says that the queue is longer. */
  #believed(ticks: number, lateMs: number): number {
    const atOnce = this.#mayHaveMissed && lateMs < PUNCTUAL_MS ? 1 : 0;
    this.#mayHaveMissed = false;
    return Math.min(ticks, Math.max(atOnce, this.#ticksOff));
  }

  #begin(fromMs: AgentMs): void {
    this.#runFromMs = fromMs;
    this.#runMovedMs = 0;
    this.#mayHaveMissed = false;
    this.#ticksOff = 0;
  }

  #move(byMs: number): void {
    this.#mayHaveMissed = false;
    this.#port.queueMoved(this.#runFromMs, byMs);
    this.#runFromMs = addMs(this.#runFromMs, byMs);
    this.#runMovedMs += byMs;
    this.#endMs = addMs(this.#endMs, byMs);
  }
}

/** From the tick before, whichever that is. */
function sinceTick(atMs: AgentMs, tickMs: AgentMs): number {
  const ticks = (atMs - tickMs) / TICK_MS;
  return (ticks - Math.floor(ticks)) * TICK_MS;
}

/**
 * Stamps come behind their ticks by what the event loop and the way to it take, mostly little, now and then much, never
 * before them: of all stamps the one behind which the others lie closest.
 */
function likeliestTick(stamps: readonly AgentMs[]): AgentMs {
  const latenesses = stamps.map((tickMs) =>
    stamps.reduce((sum, stamp) => sum + sinceTick(stamp, tickMs) ** 2, 0),
  );
  return stamps[latenesses.indexOf(Math.min(...latenesses))] as AgentMs;
}
