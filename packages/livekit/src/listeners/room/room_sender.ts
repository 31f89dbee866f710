import { AudioFrame } from '@livekit/rtc-node';
import {
  type AgentMs,
  addMs,
  type Clock,
  msToSamples,
  type ResponseId,
  samplesToMs,
} from '@oncue/core';
import type { Fingerprint, Left } from '@oncue/core/wire';
import type { QueueEvents } from '../listener_device.ts';
import { type KeptResponse, ReplayBuffer } from '../replay_buffer.ts';
import { FingerprintSchedule } from './fingerprint_schedule.ts';
import { QueuedRuns } from './queued_runs.ts';
import type { Delivery } from './room_packets.ts';
import { type FrameSource, SourceQueue } from './source_queue.ts';
import { TICK_MS } from './tick_phase.ts';

/** As in LiveKit's own output: audio goes on for this long when the event loop is blocked. */
export const QUEUE_MS = 200;

/**
 * Length of a frame. Each capture crosses to native code and back, which is most of what a room costs. Longer frames would
 * not fit into a queue that has just been filled.
 */
const FRAME_MS = 100;

/** Length of a frame while the ticks of the source are looked for: its answer says when one was. */
const STAMP_FRAME_MS = 30;

/** The last partial block is filled with silence when no more than this is queued, unless more audio has come by then. */
const FILL_UP_MS = 30;

/**
 * What has left is kept for a listener who comes in the place of one that reported, who did not hear it. Nobody reports so
 * far behind.
 */
const REPLAY_MS = 30_000;

/** How many cut responses are remembered for late reports. One cut ends two or three. */
const CUTS_KEPT = 16;

/** What a sender asks of the room listener, and reports to it. */
export interface SenderHost extends QueueEvents {
  /** Whether somebody can hear the track and playout is not paused. */
  readonly mayLeave: boolean;
  /** Whether a page looks for fingerprints. */
  readonly wantsFingerprints: boolean;
  fingerprint(fingerprint: Fingerprint, delivery: Delivery): void;
  /** The source refused audio. */
  sourceFailed(error: unknown): void;
}

/** What a sender works with. */
export interface SenderPort {
  readonly clock: Clock;
  readonly source: FrameSource;
  readonly sampleRateHz: number;
  readonly host: SenderHost;
}

/** Sends the agent's audio into a room in whole blocks, and knows of each sample whether and when it left. */
export class RoomSender {
  readonly sampleRateHz: number;
  readonly #port: SenderPort;
  readonly #queue: SourceQueue;
  readonly #kept: ReplayBuffer;
  readonly #runs: QueuedRuns;
  readonly #fingerprints: FingerprintSchedule;
  /** How much of each cut response had left. */
  readonly #leftOfCut = new Map<ResponseId, number>();
  /** The responses in the frame that is pushed next. */
  readonly #inNextFrame: ResponseId[] = [];
  #pumping = false;
  #closed = false;
  #cancelFill: (() => void) | undefined;

  constructor(port: SenderPort) {
    const { clock, source, sampleRateHz, host } = port;
    this.#port = port;
    this.sampleRateHz = sampleRateHz;
    this.#kept = new ReplayBuffer();
    this.#runs = new QueuedRuns(msToSamples(QUEUE_MS * 2 + FRAME_MS, sampleRateHz));
    this.#fingerprints = new FingerprintSchedule(sampleRateHz);
    this.#queue = new SourceQueue({ clock, source, queueMs: QUEUE_MS, events: host });
  }

  /** Samples in memory. */
  get keptSamples(): number {
    return this.#kept.keptSamples + this.#fingerprints.keptSamples;
  }

  /** The responses that were not heard completely, in playout order. */
  get responses(): readonly KeptResponse[] {
    return this.#kept.responses;
  }

  /** May be called again for the same response, when its `segmentId` is known. */
  announce(responseId: ResponseId, segmentId: string | undefined): void {
    this.#kept.announce(responseId, segmentId);
    this.#fingerprints.announce(responseId);
  }

  /** @returns When the first of the samples leaves at the earliest. */
  write(responseId: ResponseId, samples: Int16Array): AgentMs {
    this.#kept.write(responseId, samples);
    this.#fingerprints.write(responseId, samples);
    this.pump();
    this.#sendFingerprints(responseId);
    // Computed from the end of the queue and after the push: if the samples begin a run, the push decides at which tick.
    const waitingBefore = this.#waitingSamples - samples.length;
    return addMs(this.#queue.leavesAtMs, samplesToMs(waitingBefore, this.sampleRateHz));
  }

  end(responseId: ResponseId): void {
    this.#kept.end(responseId);
    this.#fingerprints.end(responseId);
    this.#sendFingerprints(responseId);
    this.pump();
  }

  /** Ends all responses. @returns How much of the latest one had left. */
  clear(): { readonly left?: Left } {
    const left = this.takeBack();
    for (const one of this.#kept.responses) this.#leftOfCut.set(one.responseId, one.sentSamples);
    for (const oldest of this.#leftOfCut.keys()) {
      if (this.#leftOfCut.size <= CUTS_KEPT) break;
      this.#leftOfCut.delete(oldest);
    }
    this.#runs.clear();
    this.#kept.clear();
    this.#fingerprints.clear();
    this.#cancelFill?.();
    return left;
  }

  /** How many samples of a cut response had left. `undefined` for any other response. */
  leftSamples(responseId: ResponseId): number | undefined {
    return this.#leftOfCut.get(responseId);
  }

  /** For a page that joined in the middle: the fingerprints that have not left are sent again. */
  resendFingerprints(): void {
    for (const { responseId, sentSamples } of this.#kept.responses)
      this.#fingerprints.restartAt(responseId, sentSamples);
  }

  /** The next listener gets everything that was not reported as heard. @returns How much of it had left, ms. */
  rewind(): number {
    const sent = (): number => this.responses.reduce((sum, one) => sum + one.sentSamples, 0);
    const before = sent();
    this.#kept.rewind();
    return samplesToMs(before - sent(), this.sampleRateHz);
  }

  settle(responseId: ResponseId): void {
    this.#kept.settle(responseId);
    this.#dropSettled();
  }

  close(): void {
    this.#closed = true;
    this.#cancelFill?.();
    this.#kept.clear();
    this.#fingerprints.clear();
    // The session has ended what is queued. The room itself belongs to the application.
    this.#queue.clear();
  }

  /** A page reported `heardSamples` as heard. Samples that have not left do not count, whatever it reports. */
  heard(responseId: ResponseId, heardSamples: number): void {
    const response = this.#find(responseId);
    if (!response) return;
    const queuedSamples = msToSamples(this.#queue.queuedMs, this.sampleRateHz);
    const left = response.sentSamples - this.#runs.queuedOf(responseId, queuedSamples);
    this.#kept.heard(responseId, Math.min(heardSamples, Math.max(0, left)));
  }

  /** Takes back what has not left. It is sent again, or never. @returns How much of the latest response had left. */
  takeBack(): { readonly left?: Left } {
    const clearedSamples = msToSamples(this.#queue.clear(), this.sampleRateHz);
    for (const { responseId, samples } of this.#runs.takeBack(clearedSamples)) {
      const kept = this.#find(responseId);
      if (!kept) continue;
      kept.sentSamples -= samples;
      kept.heardSamples = Math.min(kept.heardSamples, kept.sentSamples);
      this.#fingerprints.restartAt(kept.responseId, kept.sentSamples);
    }
    const last = this.#find(this.#runs.lastResponseId);
    return last ? { left: { responseId: last.responseId, samples: last.sentSamples } } : {};
  }

  /** Keeps the queue full as long as there is audio to send and it may leave. */
  pump(): void {
    if (!this.#pumping) void this.#push();
  }

  async #push(): Promise<void> {
    this.#pumping = true;
    try {
      for (let frame = this.#nextFrame(); frame; frame = this.#nextFrame()) {
        const pushed = this.#queue.push(frame);
        // After the push, so that they delay no frame.
        for (const responseId of this.#inNextFrame.splice(0)) this.#sendFingerprints(responseId);
        await pushed;
      }
    } catch (error) {
      if (!this.#closed) this.#port.host.sourceFailed(error);
    } finally {
      this.#pumping = false;
    }
  }

  /** The next samples in whole blocks. `undefined`: none can be sent now. */
  #nextFrame(): AudioFrame | undefined {
    if (this.#closed || !this.#port.host.mayLeave) return undefined;
    const blockSamples = msToSamples(TICK_MS, this.sampleRateHz);
    const frameMs = this.#queue.wantsStamp ? STAMP_FRAME_MS : FRAME_MS;
    const waiting = this.#waitingSamples;
    const whole = Math.min(
      msToSamples(frameMs, this.sampleRateHz),
      Math.floor(waiting / blockSamples) * blockSamples,
    );
    if (whole === 0) return this.#filledUpFrame(waiting, blockSamples);
    const samples = new Int16Array(whole);
    this.#take(samples);
    return this.#frameOf(samples);
  }

  /** Written and not pushed. */
  get #waitingSamples(): number {
    return this.#kept.responses.reduce((sum, one) => sum + one.writtenSamples - one.sentSamples, 0);
  }

  /** Less than a block waits. It would not leave at all until more audio came. */
  #filledUpFrame(waiting: number, blockSamples: number): AudioFrame | undefined {
    this.#cancelFill?.();
    const allEnded = this.#kept.responses.every((one) => one.totalSamples !== undefined);
    if (waiting === 0 || !allEnded) return undefined;
    const waitMs = this.#queue.queuedMs - FILL_UP_MS;
    if (waitMs > 0) {
      this.#cancelFill = this.#port.clock.schedule(waitMs, () => this.pump());
      return undefined;
    }
    const samples = new Int16Array(blockSamples);
    this.#take(samples.subarray(0, waiting));
    this.#runs.push(undefined, blockSamples - waiting);
    return this.#frameOf(samples);
  }

  /** Fills `samples` from one response after the other. */
  #take(samples: Int16Array): void {
    const frameLeavesAtMs = this.#queue.uncorrectedLeavesAtMs;
    let filled = 0;
    for (const response of this.#kept.responses) {
      const { responseId } = response;
      const leavesAtMs = addMs(frameLeavesAtMs, samplesToMs(filled, this.sampleRateHz));
      const fromSample = response.sentSamples;
      while (filled < samples.length && response.sentSamples < response.writtenSamples) {
        const next = this.#kept.next(response, samples.length - filled);
        if (next.length === 0) break;
        samples.set(next, filled);
        filled += next.length;
        response.sentSamples += next.length;
        this.#runs.push(responseId, next.length);
      }
      if (response.sentSamples === fromSample) continue;
      this.#fingerprints.leaves(responseId, fromSample, leavesAtMs);
      this.#kept.forgetSent(responseId, msToSamples(REPLAY_MS, this.sampleRateHz));
      this.#inNextFrame.push(responseId);
    }
    this.#dropSettled();
  }

  #frameOf(samples: Int16Array): AudioFrame {
    return new AudioFrame(samples, this.sampleRateHz, 1, samples.length);
  }

  #sendFingerprints(responseId: ResponseId): void {
    const response = this.#find(responseId);
    const { host } = this.#port;
    if (!response || !host.wantsFingerprints) return;
    for (const { fingerprint, delivery } of this.#fingerprints.takeDue(
      responseId,
      response.sentSamples,
    ))
      host.fingerprint(fingerprint, delivery);
  }

  #find(responseId: ResponseId | undefined): KeptResponse | undefined {
    return this.#kept.responses.find((one) => one.responseId === responseId);
  }

  /** Drops the responses that the session does not wait for and that were pushed completely. */
  #dropSettled(): void {
    for (const { responseId, settled, sentSamples, writtenSamples } of [...this.#kept.responses]) {
      if (!settled || sentSamples < writtenSamples) continue;
      this.#kept.drop(responseId);
      this.#fingerprints.drop(responseId);
    }
  }
}
