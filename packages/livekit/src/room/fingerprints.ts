import { type AgentMs, addMs, type ResponseId, samplesToMs } from '@oncue/core';
import {
  encodeSound,
  type Fingerprint,
  LONGEST_PITCH_PERIOD,
  SPEECH_BAND_HZ,
  selfLikeness,
  soundOf,
} from '@oncue/core/wire';

/**
 * Of the piece at the start, which is known so much after its sound; one of 60 ms is not always found. Of the others, which
 * are less hurried.
 */
const START_PIECE_MS = 100;
const PIECE_MS = 150;

/** Places are looked at in steps of this: for the start, and for a piece behind it. */
const STEP_MS = 10;
const CHOICE_STEP_MS = 30;

/** A response may begin with a breath of silence, in which nothing can be found. */
const START_WITHIN_MS = 400;

/** From the start to the piece by which it is checked. */
const CHECK_BEHIND_MS = 100;

/** From there to the next, and so on: the playhead runs free for no longer. */
const INTERVAL_MS = 600;

/** A piece is put where it is told best from its surroundings within this. */
const CHOICE_MS = 150;

/** Mean square of a piece that is loud enough, of full scale: −46 dBFS; and of the loudest of the choice, −10 dB. */
const LOUD_ENOUGH = 10 ** (-46 / 10);
const LOUD_SHARE = 0.1;

/** Where a piece is. */
interface Place {
  readonly atMs: number;
  readonly lengthMs: number;
}

/**
 * The pieces of a response by which it is found at the listener: one at its start, one by which that is checked, one every
 * 600 ms or so, one near its end. Pure.
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
  /** Behind the latest piece. */
  #lastEndMs = 0;
  #hasStart = false;
  #hasTail = false;

  constructor(responseId: ResponseId, sampleRateHz: number, kernel: Float32Array) {
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
      if (this.#nextMs > this.#lastPlaceMs(PIECE_MS)) this.#turnToTail();
      if (this.#nextMs > untilMs) break;
      const piece = this.#hasStart ? this.#distinctPiece() : this.#startPiece();
      if (!piece) break;
      this.#nextMs = piece.atMs + (this.#hasStart ? INTERVAL_MS : CHECK_BEHIND_MS);
      this.#hasStart = true;
      this.#lastEndMs = piece.atMs + piece.lengthMs;
      pieces.push(this.#fingerprint(piece, leavesAtMs));
    }
    return pieces;
  }

  /** What follows is predicted from the end of this response, so its last piece is near it. */
  #turnToTail(): void {
    if (!this.#ended || this.#hasTail || !this.#hasStart) return;
    this.#hasTail = true;
    const lastMs = this.#lastPlaceMs(PIECE_MS);
    const fromMs = Math.max(this.#lastEndMs, lastMs - CHOICE_MS);
    if (fromMs <= lastMs) this.#nextMs = fromMs;
  }

  /** Of the places from `#nextMs` on, the first that is loud enough, else the loudest. `undefined`: wait for more. */
  #startPiece(): Place | undefined {
    const lengthMs = START_PIECE_MS;
    const toMs = Math.min(START_WITHIN_MS, this.#lastPlaceMs(lengthMs));
    let best: Place | undefined;
    let bestLoudness = -1;
    for (let atMs = this.#nextMs; atMs <= toMs; atMs += STEP_MS) {
      const loudness = this.#loudness(atMs, lengthMs);
      if (loudness >= LOUD_ENOUGH) return { atMs, lengthMs };
      if (loudness <= bestLoudness) continue;
      bestLoudness = loudness;
      best = { atMs, lengthMs };
    }
    return toMs >= START_WITHIN_MS || this.#ended ? best : undefined;
  }

  /** Of the loud places near `#nextMs` the one that is least like itself a pitch period on. `undefined`: wait for more. */
  #distinctPiece(): Place | undefined {
    const lengthMs = PIECE_MS;
    const lastMs = this.#lastPlaceMs(lengthMs);
    const toMs = this.#nextMs + CHOICE_MS;
    if (lastMs < toMs && !this.#ended) return undefined;
    const places: { readonly atMs: number; readonly loudness: number }[] = [];
    for (let atMs = this.#nextMs; atMs <= Math.min(toMs, lastMs); atMs += CHOICE_STEP_MS)
      places.push({ atMs, loudness: this.#loudness(atMs, lengthMs) });
    const least = LOUD_SHARE * Math.max(...places.map(({ loudness }) => loudness));
    const length = (lengthMs * SPEECH_BAND_HZ) / 1000;
    const around = (CHOICE_MS * SPEECH_BAND_HZ) / 1000 + length + LONGEST_PITCH_PERIOD;
    const band = this.#sound(this.#nextMs, around);
    let best: Place | undefined;
    let bestLikeness = Number.POSITIVE_INFINITY;
    for (const { atMs, loudness } of places) {
      if (loudness < least) continue;
      const at = ((atMs - this.#nextMs) * SPEECH_BAND_HZ) / 1000;
      const likeness = selfLikeness(band, at, length);
      if (likeness >= bestLikeness) continue;
      bestLikeness = likeness;
      best = { atMs, lengthMs };
    }
    return best;
  }

  /** Where the last whole piece begins. Below 0: there is none. */
  #lastPlaceMs(lengthMs: number): number {
    const writtenMs = samplesToMs(this.#writtenSamples, this.#sampleRateHz);
    return Math.floor((writtenMs - lengthMs) / STEP_MS) * STEP_MS;
  }

  #loudness(atMs: number, lengthMs: number): number {
    const first = (atMs * this.#sampleRateHz) / 1000;
    const last = first + (lengthMs * this.#sampleRateHz) / 1000;
    let sum = 0;
    // Every third sample tells as much.
    for (let index = first; index < last; index += 3) sum += (this.#samples[index] ?? 0) ** 2;
    return (3 * sum) / ((last - first) * 32_768 ** 2);
  }

  #sound(atMs: number, bandSamples: number): Int8Array {
    const written = this.#samples.subarray(0, this.#writtenSamples);
    const sampleRateHz = this.#sampleRateHz;
    const atSample = (atMs * sampleRateHz) / 1000;
    return soundOf(written, atSample, bandSamples, { sampleRateHz, kernel: this.#kernel });
  }

  #fingerprint({ atMs, lengthMs }: Place, leavesAtMs: AgentMs): Fingerprint {
    return {
      type: 'fingerprint',
      responseId: this.#responseId,
      sampleRateHz: this.#sampleRateHz,
      atSample: (atMs * this.#sampleRateHz) / 1000,
      leavesAtMs: addMs(leavesAtMs, atMs),
      sound: encodeSound(this.#sound(atMs, (lengthMs * SPEECH_BAND_HZ) / 1000)),
    };
  }
}
