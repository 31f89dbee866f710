import { log, type voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';

/** An output that takes longer than this for one frame is reported in the log, ms. */
const SLOW_MS = 5000;

/** What the queue needs to know of a segment. */
export interface CarrierSegment {
  /** The output got audio of it, or is about to. Otherwise the output does not count it as a segment. */
  captured: boolean;
  /** Samples that the output took before it refused any. */
  takenSamples: number;
  /** The output refused some of its audio: where what it takes after that is in the response, it does not know. */
  isBroken: boolean;
}

/** What a queue works with. */
export interface CarrierQueuePort<Segment> {
  readonly output: voice.AudioOutput;
  readonly clock: Clock;
  /** Whether audio of a segment may be sent now. */
  readonly isTurnOf: (segment: Segment) => boolean;
  /** All of a segment was handed over, and the output took nothing. */
  readonly untaken: (segment: Segment) => void;
}

type Job<Segment> =
  | { readonly type: 'frame'; readonly segment: Segment; readonly frame: AudioFrame }
  | { readonly type: 'flush'; readonly segment: Segment | undefined };

/**
 * Hands frames and flushes to a LiveKit output, one after the other, however long it takes for one. What the output refuses
 * is lost, and does not count as heard. The log says so [TE4].
 */
export class CarrierQueue<Segment extends CarrierSegment> {
  readonly #port: CarrierQueuePort<Segment>;
  #jobs: Job<Segment>[] = [];
  #draining = false;
  #paused = false;
  #closed = false;
  /** The output refused the latest frame, or has not taken it in time; the log says so. */
  #isFailing = false;
  #cancelWatch: (() => void) | undefined;

  constructor(port: CarrierQueuePort<Segment>) {
    this.#port = port;
  }

  capture(segment: Segment, frame: AudioFrame): void {
    this.#jobs.push({ type: 'frame', segment, frame });
    this.drain();
  }

  /** @param segment - the one that ends. */
  flush(segment: Segment | undefined): void {
    this.#jobs.push({ type: 'flush', segment });
    this.drain();
  }

  pause(): void {
    this.#paused = true;
    this.#port.output.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#port.output.resume();
  }

  /**
   * Drops the frames that wait. Flushes stay: a flush ends the stream to an avatar worker, and a worker ignores everything in
   * a stream that it was asked to clear.
   */
  dropFrames(): void {
    this.#jobs = this.#jobs.filter(({ type }) => type === 'flush');
  }

  /** Sends what may be sent now. To be called when it may be the turn of another segment. */
  drain(): void {
    if (!this.#draining) void this.#drain();
  }

  close(): void {
    this.#closed = true;
    this.#jobs = [];
    this.#cancelWatch?.();
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    while (this.#jobs[0] && this.#isDue(this.#jobs[0])) {
      const job = this.#jobs.shift();
      try {
        if (job?.type === 'flush') this.#flush(job.segment);
        if (job?.type === 'frame') await this.#capture(job.segment, job.frame);
      } catch (error) {
        this.#warn('the output refused audio', error);
      }
    }
    this.#draining = false;
  }

  #flush(segment: Segment | undefined): void {
    this.#port.output.flush();
    if (segment?.isBroken && !segment.captured) this.#port.untaken(segment);
  }

  #isDue(job: Job<Segment>): boolean {
    return job.type === 'flush' || this.#port.isTurnOf(job.segment);
  }

  async #capture(segment: Segment, frame: AudioFrame): Promise<void> {
    segment.captured = true;
    this.#watch();
    try {
      await this.#port.output.captureFrame(frame);
      this.#isFailing = false;
      if (!segment.isBroken) segment.takenSamples += frame.samplesPerChannel;
    } catch (error) {
      segment.isBroken = true;
      segment.captured = segment.takenSamples > 0;
      throw error;
    } finally {
      this.#cancelWatch?.();
    }
  }

  /** A paused output may take as long as it is paused. */
  #watch(): void {
    this.#cancelWatch = this.#port.clock.schedule(SLOW_MS, () => {
      if (this.#paused) this.#watch();
      else this.#warn(`the output has not taken a frame for ${SLOW_MS} ms`);
    });
  }

  /** Once until the output takes audio again. */
  #warn(what: string, error?: unknown): void {
    if (this.#isFailing || this.#closed) return;
    this.#isFailing = true;
    log().warn(
      { error },
      `oncue: ${what}; the user does not hear it. Check the output that the OutputListener plays through, for example whether its avatar worker is in the room`,
    );
  }
}
