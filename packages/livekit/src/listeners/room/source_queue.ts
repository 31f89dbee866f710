import type { AudioFrame } from '@livekit/rtc-node';
import { type AgentMs, addMs, type Clock, laterOf } from '@oncue/core';
import type { QueueEvents } from '../listener_device.ts';
import { TICK_MS, TickPhase } from './tick_phase.ts';

/** The part of rtc-node's `AudioSource` that is used. */
export interface FrameSource {
  captureFrame(frame: AudioFrame): Promise<void>;
  clearQueue(): void;
  close(): Promise<void>;
}

/** A block that is pushed less than this before a tick may miss it, since another thread has to queue it. */
const MAY_MISS_MS = 3;

/** One stamp may be late; a second one says by how much. */
const STAMPS_WANTED = 2;

/** An answer less than this after a tick is prompt: nothing delayed it. */
const PROMPT_MS = 2;

/** What a queue works with. */
export interface SourceQueuePort {
  readonly source: FrameSource;
  readonly clock: Clock;
  /** The source answers a capture at once while no more than this is queued. */
  readonly queueMs: number;
  readonly events: QueueEvents;
}

/** The audio that left, or will leave, without a break: from a push that found the queue empty. */
interface Run {
  /** When its first block leaves, as far as is known. */
  fromMs: AgentMs;
  /** By how much `fromMs` has moved since the first estimate. */
  movedMs: number;
  /**
   * Whether its first block missed the tick that was expected. `suspected`: it was pushed shortly before that tick and the
   * source answered after it. `confirmed`: a later answer, or a push, was in line with it, and the run was moved.
   */
  missed: 'no' | 'suspected' | 'confirmed';
  /** By how many ticks the latest answer was later than expected, as far as that was not believed yet. */
  doubtfulTicks: number;
  /** How many of its answers gave a stamp. */
  stamps: number;
}

/**
 * The queue of an `AudioSource`, and when the audio in it leaves.
 *
 * The source reveals only one thing about its timing. It answers a capture at once while its queue has room; a capture that
 * brings the queue above `queueMs` is answered at the tick that brings it down to `queueMs` again:
 *
 *     tick        |         |         |         |         |         |      every 10 ms, whatever is queued
 *     leaves      [  run: block, block, block, …          ][ silence       one block a tick
 *     push       ^ may miss the tick it is just before: then the whole run leaves one tick later
 *     answer                 *          * a little after its tick: a stamp
 *     known                  └─ at this tick exactly `queueMs` were left, so the queue ends at tick + 10 ms + queueMs
 *
 * So each stamp gives the phase of the ticks (`TickPhase`) and the whole ticks until the queue ends. Both hold as long as
 * the source lives, since its task catches up when it is late. (`AudioSource.queuedDuration` counts whole milliseconds from
 * the first capture and knows no ticks.)
 *
 * A stamp that says the queue ends later may itself be late. It is believed when the next stamp says so too, or at once when
 * it is prompt and a missed tick was suspected. A stamp that says the queue ends sooner is believed at once, since no answer
 * comes early.
 */
export class SourceQueue {
  readonly #port: SourceQueuePort;
  #phase = TickPhase.UNKNOWN;
  /** The tick at which a block pushed now would leave, if the queue is not empty by then. */
  #endMs: AgentMs;
  #run: Run;

  constructor(port: SourceQueuePort) {
    this.#port = port;
    this.#endMs = port.clock.nowMs();
    this.#run = runFrom(this.#endMs);
  }

  /** When the first sample of a frame pushed now leaves. */
  get leavesAtMs(): AgentMs {
    return this.#stillHoldsBlock ? this.#endMs : laterOf(this.#endMs, this.#nextTickMs);
  }

  /** The same without the corrections of the current run, so that contiguous audio gets contiguous times. */
  get uncorrectedLeavesAtMs(): AgentMs {
    const { leavesAtMs } = this;
    return leavesAtMs > this.#endMs ? leavesAtMs : addMs(leavesAtMs, -this.#run.movedMs);
  }

  /** Whether a short frame pushed now says soon when the current run leaves, and that is not known well yet. */
  get wantsStamp(): boolean {
    return this.#run.stamps < STAMPS_WANTED && this.queuedMs >= this.#port.queueMs - TICK_MS;
  }

  /** How much audio has not left, ms. */
  get queuedMs(): number {
    return Math.max(0, this.#endMs - this.#nextTickMs);
  }

  /**
   * Queues whole blocks of 10 ms. Returns when there is room for more.
   *
   * @throws Error when the source is closed.
   */
  async push(frame: AudioFrame): Promise<void> {
    const { clock, source, queueMs } = this.#port;
    if (this.#stillHoldsBlock) this.#move(TICK_MS, 'confirmed');
    const durationMs = (frame.samplesPerChannel * 1000) / frame.sampleRate;
    const waits = this.queuedMs + durationMs > queueMs + TICK_MS;
    const { leavesAtMs } = this;
    const beginsRun = leavesAtMs > this.#endMs;
    const mayMiss = leavesAtMs - clock.nowMs() < MAY_MISS_MS;
    if (beginsRun) this.#run = runFrom(leavesAtMs);
    this.#endMs = addMs(leavesAtMs, durationMs);
    const endMs = this.#endMs;
    await source.captureFrame(frame);
    const wasCleared = this.#endMs !== endMs;
    if (wasCleared) return;
    if (beginsRun && mayMiss && clock.nowMs() > leavesAtMs) this.#run.missed = 'suspected';
    if (waits) this.#takeStamp(clock.nowMs());
  }

  /** Empties the queue. @returns How much audio had not left, ms; whole blocks. */
  clear(): number {
    this.#port.source.clearQueue();
    const clearedMs = Math.round(this.queuedMs / TICK_MS) * TICK_MS;
    this.#endMs = this.#port.clock.nowMs();
    this.#run = runFrom(this.#endMs);
    return clearedMs;
  }

  close(): Promise<void> {
    return this.#port.source.close();
  }

  /** By the estimate the queue ran empty just now, but the first block probably missed its tick: one block is still there. */
  get #stillHoldsBlock(): boolean {
    const emptyForMs = this.#nextTickMs - this.#endMs;
    return this.#run.missed === 'suspected' && emptyForMs > 0 && emptyForMs <= TICK_MS;
  }

  get #nextTickMs(): AgentMs {
    return this.#phase.nextTickMs(this.#port.clock.nowMs());
  }

  /** The queue came down to `queueMs` at the latest tick. */
  #takeStamp(nowMs: AgentMs): void {
    this.#run.stamps += 1;
    const isFirst = !this.#phase.isKnown;
    this.#phase = this.#phase.withStamp(nowMs);
    const lateMs = this.#phase.sinceTickMs(nowMs);
    const offMs = addMs(nowMs, this.#port.queueMs + TICK_MS - lateMs) - this.#endMs;
    if (isFirst) {
      this.#move(offMs, 'no');
      return;
    }
    const ticks = Math.round(offMs / TICK_MS);
    this.#endMs = addMs(this.#endMs, offMs - ticks * TICK_MS);
    const believed = this.#believedOf(ticks, lateMs);
    if (believed !== 0) this.#move(believed * TICK_MS, believed > 0 ? 'confirmed' : 'no');
    else if (this.#run.missed === 'suspected') this.#run.missed = 'no';
    this.#run.doubtfulTicks = ticks - believed;
  }

  /** How many of the ticks by which a stamp says the queue ends later are believed. */
  #believedOf(ticks: number, lateMs: number): number {
    const { missed, doubtfulTicks } = this.#run;
    const atOnce = missed === 'suspected' && lateMs < PROMPT_MS ? 1 : 0;
    return Math.min(ticks, Math.max(atOnce, doubtfulTicks));
  }

  /** The run leaves later than was estimated, or earlier. */
  #move(byMs: number, missed: Run['missed']): void {
    const run = this.#run;
    run.missed = missed;
    this.#port.events.queueMoved(run.fromMs, byMs);
    run.fromMs = addMs(run.fromMs, byMs);
    run.movedMs += byMs;
    this.#endMs = addMs(this.#endMs, byMs);
  }
}

function runFrom(fromMs: AgentMs): Run {
  return { fromMs, movedMs: 0, missed: 'no', doubtfulTicks: 0, stamps: 0 };
}
