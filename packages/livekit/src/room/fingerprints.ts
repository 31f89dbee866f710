import { type AgentMs, addMs, type ResponseId, samplesToMs } from '@oncue/core';
import {
  encodeSound,
  type Fingerprint,
  SPEECH_BAND_HZ,
  soundOf,
  speechBandKernel,
} from '@oncue/core/wire';

/** Of a piece. Shorter ones are mistaken for others, longer ones are torn by what the network does to them. */
const PIECE_MS = 150;

/** Places are looked at in steps of this. */
const STEP_MS = 10;

/** A response may begin with a breath of silence, in which nothing can be found. */
const START_WITHIN_MS = 400;

/** Between two pieces of one response: the playhead runs free for no longer. */
const INTERVAL_MS = 600;

/** A piece is put where it is loudest within this, so that a pause between words has none. */
const CHOICE_MS = 150;

/** Mean square of a piece that is loud enough, of full scale: −46 dBFS. */
const LOUD_ENOUGH = 10 ** (-46 / 10);

/**
 * The pieces of a response by which it is found at the listener: one at its start, one every 600 ms or so, one near its
 * end. Pure.
 */
export class Fingerprints {
  readonly #responseId: ResponseId;
  readonly #sampleRateHz: number;
  readonly #kernel: Float32Array;
  #samples: Int16Array = new Int16Array(0);
  #writtenSamples = 0;
  #ended = false;
  /** No piece begins before this any more. */
  #nextMs = 0;
  #hasStart = false;
  #hasTail = false;

  constructor(
    responseId: ResponseId,
    sampleRateHz: number,
    kernel: Float32Array = speechBandKernel(sampleRateHz),
  ) {
    this.#responseId = responseId;
    this.#sampleRateHz = sampleRateHz;
    this.#kernel = kernel;
  }

  /** Whether the piece at its start has been given out. */
  get hasStart(): boolean {
    return this.#hasStart;
  }

  /** Whether the piece near its end has been given out. */
  get hasTail(): boolean {
    return this.#hasTail;
  }

  write(samples: Int16Array): void {
    if (this.#writtenSamples + samples.length > this.#samples.length) {
      const room = new Int16Array(2 * (this.#writtenSamples + samples.length));
      room.set(this.#samples.subarray(0, this.#writtenSamples));
      this.#samples = room;
    }
    this.#samples.set(samples, this.#writtenSamples);
    this.#writtenSamples += samples.length;
  }

  /** No more samples come. */
  end(): void {
    this.#ended = true;
  }

  /** Gives the pieces from here on once more: to a listener that came in the middle, or when they leave later than said. */
  restartAt(sample: number): void {
    this.#hasTail = false;
    this.#nextMs = samplesToMs(sample, this.#sampleRateHz);
  }

  /**
   * The pieces that begin before `untilSample` and were not given yet, as far as there are samples for them.
   *
   * @param leavesAtMs - when sample 0 of the response left or would leave, if it leaves without a break.
   */
  take(untilSample: number, leavesAtMs: AgentMs): readonly Fingerprint[] {
    const untilMs = samplesToMs(untilSample, this.#sampleRateHz);
    const pieces: Fingerprint[] = [];
    for (;;) {
      if (this.#nextMs > this.#lastPlaceMs) this.#turnToTail();
      if (this.#nextMs > untilMs) break;
      const atMs = this.#hasStart ? this.#loudestWithin(CHOICE_MS) : this.#firstLoud();
      if (atMs === undefined) break;
      this.#hasStart = true;
      this.#nextMs = atMs + INTERVAL_MS;
      pieces.push(this.#pieceAt(atMs, leavesAtMs));
    }
    return pieces;
  }

  /** What follows is predicted from the end of this response, so its last piece is near it. */
  #turnToTail(): void {
    if (!this.#ended || this.#hasTail || !this.#hasStart) return;
    this.#hasTail = true;
    const behindLastMs = this.#nextMs - INTERVAL_MS + PIECE_MS;
    const fromMs = Math.max(behindLastMs, this.#lastPlaceMs - CHOICE_MS);
    if (fromMs <= this.#lastPlaceMs) this.#nextMs = fromMs;
  }

  /** Of the places from `#nextMs` on, the first that is loud enough, else the loudest. `undefined`: wait for more. */
  #firstLoud(): number | undefined {
    const lastMs = Math.min(START_WITHIN_MS, this.#lastPlaceMs);
    for (let atMs = this.#nextMs; atMs <= lastMs; atMs += STEP_MS) {
      if (this.#loudness(atMs) >= LOUD_ENOUGH) return atMs;
    }
    return lastMs >= START_WITHIN_MS || this.#ended
      ? this.#loudestWithin(START_WITHIN_MS)
      : undefined;
  }

  #loudestWithin(withinMs: number): number | undefined {
    const lastMs = this.#nextMs + withinMs;
    if (this.#lastPlaceMs < lastMs && !this.#ended) return undefined;
    let best: number | undefined;
    let bestLoudness = -1;
    for (let atMs = this.#nextMs; atMs <= Math.min(lastMs, this.#lastPlaceMs); atMs += STEP_MS) {
      const loudness = this.#loudness(atMs);
      if (loudness <= bestLoudness) continue;
      best = atMs;
      bestLoudness = loudness;
    }
    return best;
  }

  /** Where the last whole piece begins. Below 0: there is none. */
  get #lastPlaceMs(): number {
    const lengthMs = samplesToMs(this.#writtenSamples, this.#sampleRateHz);
    return Math.floor((lengthMs - PIECE_MS) / STEP_MS) * STEP_MS;
  }

  #loudness(atMs: number): number {
    const first = (atMs * this.#sampleRateHz) / 1000;
    const last = first + (PIECE_MS * this.#sampleRateHz) / 1000;
    let sum = 0;
    // Every third sample tells as much.
    for (let index = first; index < last; index += 3) sum += (this.#samples[index] ?? 0) ** 2;
    return (3 * sum) / ((last - first) * 32_768 ** 2);
  }

  #pieceAt(atMs: number, leavesAtMs: AgentMs): Fingerprint {
    const atSample = (atMs * this.#sampleRateHz) / 1000;
    const bandSamples = (PIECE_MS * SPEECH_BAND_HZ) / 1000;
    const written = this.#samples.subarray(0, this.#writtenSamples);
    const sampleRateHz = this.#sampleRateHz;
    const sound = soundOf(written, atSample, bandSamples, { sampleRateHz, kernel: this.#kernel });
    return {
      type: 'fingerprint',
      responseId: this.#responseId,
      sampleRateHz,
      atSample,
      leavesAtMs: addMs(leavesAtMs, atMs),
      sound: encodeSound(sound),
    };
  }
}
