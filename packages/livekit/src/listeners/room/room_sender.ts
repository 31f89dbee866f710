import { AudioFrame } from '@livekit/rtc-node';
import {
  type AgentMs,
  addMs,
  type Clock,
  msToSamples,
  type ResponseId,
  samplesToMs,
} from '@oncue/core';
import { type Fingerprint, type Left, speechBandKernel } from '@oncue/core/wire';
import { type KeptResponse, ReplayBuffer } from '../replay_buffer.ts';
import { Fingerprints } from './fingerprints.ts';
import type { Delivery } from './room_packets.ts';
import { type FrameSource, SourceQueue, TICK_MS } from './source_queue.ts';

/** As LiveKit's own output: survives an event loop that stands still for as long. */
export const QUEUE_MS = 200;

/** Of one capture. By each the source tells of its ticks: more often than this costs more than it tells. */
const FRAME_MS = 30;

/** The end of a response that is no whole block is filled up when so little is left, unless more has come by then. */
const FILL_UP_MS = 30;

/** Within it lie the piece at the start and the one by which that is checked. */
const START_MS = 650;

/** Responses that were cut, remembered for late reports. A cut takes two or three. */
const CUT_KEPT = 16;

/** What a sender needs of the room around it. */
export interface SenderPort {
  readonly clock: Clock;
  readonly source: FrameSource;
  readonly sampleRateHz: number;
  /** Somebody can hear it, and nothing holds it. */
  readonly mayLeave: () => boolean;
  /** Somebody looks for the pieces. */
  readonly wantsPrints: () => boolean;
  readonly sendFingerprint: (piece: Fingerprint, delivery: Delivery) => void;
  /** What leaves from an instant on does so later than `write` said, ms; below 0: earlier. */
  readonly queueMoved: (fromMs: AgentMs, byMs: number) => void;
  /** The source took no audio. */
  readonly failed: (error: unknown) => void;
}

/** Samples on their way through the queue, in order. Without a response: filling. */
interface Run {
  readonly responseId: ResponseId | undefined;
  samples: number;
}

/** Lets the agent's audio out into a room, in whole blocks, and knows of each sample whether and when it left. */
export class RoomSender {
  readonly sampleRateHz: number;
  readonly #port: SenderPort;
  readonly #queue: SourceQueue;
  readonly #kept: ReplayBuffer;
  /** For the fingerprints. Made once: it takes its time. */
  readonly #kernel: Float32Array;
  readonly #sounds = new Map<
    ResponseId,
    { prints: Fingerprints; leavesAtMs: AgentMs | undefined }
  >();
  /** How much had left of what was cut. */
  readonly #cut = new Map<ResponseId, number>();
  #runs: Run[] = [];
  /** Of which something is in the frame that is pushed next. */
  readonly #filled: ResponseId[] = [];
  #pumping = false;
  #closed = false;
  #cancelFill: (() => void) | undefined;

  constructor(port: SenderPort) {
    this.#port = port;
    this.sampleRateHz = port.sampleRateHz;
    this.#kept = new ReplayBuffer(port.sampleRateHz);
    this.#kernel = speechBandKernel(port.sampleRateHz);
    this.#queue = new SourceQueue({ ...port, queueMs: QUEUE_MS });
  }

  /** Of which something has not been heard, in their order. */
  get responses(): readonly KeptResponse[] {
    return this.#kept.responses;
  }

  /** It may be announced again, with what has become known of it. */
  announce(responseId: ResponseId, segmentId: string | undefined): void {
    this.#kept.announce(responseId, segmentId);
    if (this.#sounds.has(responseId)) return;
    const prints = new Fingerprints(responseId, this.sampleRateHz, this.#kernel);
    this.#sounds.set(responseId, { prints, leavesAtMs: undefined });
  }

  /** @returns When the first of them leaves at the earliest. */
  write(responseId: ResponseId, samples: Int16Array): AgentMs {
    this.#kept.write(responseId, samples);
    this.#sounds.get(responseId)?.prints.write(samples);
    this.pump();
    this.#tellPrints(responseId);
    // Reckoned from behind them: what begins a run leaves at the tick before which it was pushed, which no instant
    // asked for before can know.
    const behind = this.#readySamples - samples.length;
    return addMs(this.#queue.leavesAtMs, samplesToMs(behind, this.sampleRateHz));
  }

  end(responseId: ResponseId): void {
    this.#kept.end(responseId);
    this.#sounds.get(responseId)?.prints.end();
    this.#tellPrints(responseId);
    this.pump();
  }

  /** Lets go of everything. @returns What had left of what was sent last. */
  clear(): { readonly left?: Left } {
    const left = this.takeBack();
    for (const one of this.#kept.responses) this.#cut.set(one.responseId, one.sentSamples);
    for (const oldest of this.#cut.keys()) {
      if (this.#cut.size <= CUT_KEPT) break;
      this.#cut.delete(oldest);
    }
    this.#runs = [];
    this.#kept.clear();
    this.#sounds.clear();
    this.#cancelFill?.();
    return left;
  }

  /** Of a response that was cut; `undefined` of any other. */
  leftSamples(responseId: ResponseId): number | undefined {
    return this.#cut.get(responseId);
  }

  /** For a page that came in the middle: the pieces that are still to leave. */
  tellAgain(): void {
    for (const { responseId, sentSamples } of this.#kept.responses)
      this.#sounds.get(responseId)?.prints.restartAt(sentSamples);
  }

  /** The next to hear gets what nobody has reported as heard. */
  rewind(): void {
    this.#kept.rewind();
  }

  settle(responseId: ResponseId): void {
    this.#kept.settle(responseId);
    this.#dropSettled();
  }

  close(): void {
    this.#closed = true;
    this.#cancelFill?.();
    this.#kept.clear();
    this.#sounds.clear();
    // What is queued was ended by the session; the room itself is the application's.
    this.#queue.clear();
  }

  /** Nothing that has not left was heard, whatever a page says. */
  heard(responseId: ResponseId, heardSamples: number): void {
    const response = this.#kept.responses.find((one) => one.responseId === responseId);
    if (!response) return;
    let queued = msToSamples(this.#queue.queuedMs, this.sampleRateHz);
    let left = response.sentSamples;
    for (let index = this.#runs.length - 1; index >= 0 && queued > 0; index -= 1) {
      const run = this.#runs[index] as Run;
      if (run.responseId === responseId) left -= Math.min(queued, run.samples);
      queued -= run.samples;
    }
    this.#kept.heard(responseId, Math.min(heardSamples, Math.max(0, left)));
  }

  /** Takes back what has not left; it will be sent again, or never. */
  takeBack(): { readonly left?: Left } {
    let samples = msToSamples(this.#queue.clear(), this.sampleRateHz);
    while (samples > 0) {
      const run = this.#runs.at(-1);
      if (!run) break;
      const back = Math.min(samples, run.samples);
      samples -= back;
      run.samples -= back;
      const kept = this.#kept.responses.find((one) => one.responseId === run.responseId);
      if (kept) {
        kept.sentSamples -= back;
        kept.heardSamples = Math.min(kept.heardSamples, kept.sentSamples);
        this.#sounds.get(kept.responseId)?.prints.restartAt(kept.sentSamples);
      }
      if (run.samples === 0) this.#runs.pop();
    }
    const last = this.#runs.findLast((run) => run.responseId !== undefined);
    const response = this.#kept.responses.find((one) => one.responseId === last?.responseId);
    if (!response) return {};
    return { left: { responseId: response.responseId, samples: response.sentSamples } };
  }

  /** Keeps the queue full for as long as there is something to send and somebody to hear it. */
  pump(): void {
    if (!this.#pumping) void this.#push();
  }

  async #push(): Promise<void> {
    this.#pumping = true;
    try {
      for (let frame = this.#nextFrame(); frame; frame = this.#nextFrame()) {
        const pushed = this.#queue.push(frame);
        // Behind the push, so that they hold no frame back.
        for (const responseId of this.#filled.splice(0)) this.#tellPrints(responseId);
        await pushed;
      }
    } catch (error) {
      if (!this.#closed) this.#port.failed(error);
    } finally {
      this.#pumping = false;
    }
  }

  /** The next samples in whole blocks. `undefined`: there are none now. */
  #nextFrame(): AudioFrame | undefined {
    if (this.#closed || !this.#port.mayLeave()) return undefined;
    const block = msToSamples(TICK_MS, this.sampleRateHz);
    const samples = new Int16Array(msToSamples(FRAME_MS, this.sampleRateHz));
    const ready = this.#readySamples;
    const whole = Math.min(samples.length, Math.floor(ready / block) * block);
    if (whole === 0) return this.#fillUp(ready, block);
    this.#fill(samples.subarray(0, whole));
    return this.#frameOf(samples.subarray(0, whole));
  }

  get #readySamples(): number {
    return this.#kept.responses.reduce((sum, one) => sum + one.writtenSamples - one.sentSamples, 0);
  }

  /** Less than a block is left, and it would not leave at all until something came behind it. */
  #fillUp(ready: number, block: number): AudioFrame | undefined {
    this.#cancelFill?.();
    const isLast = this.#kept.responses.every((one) => one.totalSamples !== undefined);
    if (ready === 0 || !isLast) return undefined;
    const waitMs = this.#queue.queuedMs - FILL_UP_MS;
    if (waitMs > 0) {
      this.#cancelFill = this.#port.clock.schedule(waitMs, () => this.pump());
      return undefined;
    }
    const samples = new Int16Array(block);
    this.#fill(samples.subarray(0, ready));
    this.#runs.push({ responseId: undefined, samples: block - ready });
    return this.#frameOf(samples);
  }

  /** Takes samples of one response after the other. */
  #fill(samples: Int16Array): void {
    const firstLeavesAtMs = this.#queue.unmovedLeavesAtMs;
    let filled = 0;
    for (const response of this.#kept.responses) {
      const sound = this.#sounds.get(response.responseId);
      let isFirst = true;
      while (filled < samples.length && response.sentSamples < response.writtenSamples) {
        const next = this.#kept.next(response, samples.length - filled);
        if (next.length === 0) break;
        const leavesAtMs = addMs(
          firstLeavesAtMs,
          samplesToMs(filled - response.sentSamples, this.sampleRateHz),
        );
        if (sound && isFirst) sound.leavesAtMs = leavesAtMs;
        isFirst = false;
        samples.set(next, filled);
        filled += next.length;
        response.sentSamples += next.length;
        this.#runs.push({ responseId: response.responseId, samples: next.length });
      }
      if (!isFirst) this.#filled.push(response.responseId);
    }
    this.#forgetRuns();
    this.#dropSettled();
  }

  #frameOf(samples: Int16Array): AudioFrame {
    return new AudioFrame(samples, this.sampleRateHz, 1, samples.length);
  }

  /** Those that cannot be taken back any more. */
  #forgetRuns(): void {
    const most = msToSamples(QUEUE_MS * 2 + FRAME_MS, this.sampleRateHz);
    let samples = this.#runs.reduce((sum, run) => sum + run.samples, 0);
    while (samples - (this.#runs[0]?.samples ?? samples) > most)
      samples -= this.#runs.shift()?.samples ?? 0;
  }

  #tellPrints(responseId: ResponseId): void {
    const sound = this.#sounds.get(responseId);
    const response = this.#kept.responses.find((one) => one.responseId === responseId);
    if (!sound || sound.leavesAtMs === undefined || !response) return;
    if (!this.#port.wantsPrints()) return;
    const startSamples = msToSamples(START_MS, this.sampleRateHz);
    for (const piece of sound.prints.take(response.sentSamples, sound.leavesAtMs)) {
      // Between start and end one that is lost is made up for by the next.
      const isOfStart = piece.atSample < startSamples;
      const delivery = isOfStart || sound.prints.hasTail ? 'both' : 'lossy';
      this.#port.sendFingerprint(piece, delivery);
    }
  }

  /** The session does not wait for them, and all of them is on its way. */
  #dropSettled(): void {
    for (const one of [...this.#kept.responses]) {
      if (!one.settled || one.sentSamples < one.writtenSamples) continue;
      this.#kept.drop(one.responseId);
      this.#sounds.delete(one.responseId);
    }
  }
}
