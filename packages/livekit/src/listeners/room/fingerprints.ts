import { type AgentMs, addMs, type ResponseId, samplesToMs } from '@oncue/core';
import {
  encodeSound,
  type Fingerprint,
  inSpeechBand,
  LONGEST_PITCH_PERIOD,
  pitchAutocorrelation,
  SPEECH_BAND_HZ,
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

/**
 * Mean square of a piece that is loud enough, of full scale and in the speech band, −36 dBFS: of what is quieter, a hiss
 * mostly, a codec keeps the sound but not the waveform. And of the loudest of the choice, −10 dB.
 */
const LOUD_ENOUGH = 10 ** (-36 / 10);
const LOUD_SHARE = 0.1;

/** Where a piece may be. */
interface Place {
  readonly atMs: number;
  /** In band samples. */
  readonly length: number;
  /** In the speech band, from the place on to a pitch period behind the piece. */
  readonly band: Float32Array;
  /** Mean square of the piece, of full scale. */
  readonly power: number;
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
  /** Where the piece at its start is. */
  #startMs = 0;
  #hasTail = false;

  constructor(responseId: ResponseId, sampleRateHz: number, kernel: Float32Array) {
    this.#responseId = responseId;
    this.#sampleRateHz = sampleRateHz;
    this.#kernel = kernel;
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
    const atMs = Math.ceil(samplesToMs(sample, this.#sampleRateHz) / STEP_MS) * STEP_MS;
    this.#hasTail = false;
    this.#lastEndMs = 0;
    this.#nextMs = atMs;
    // Behind its beginning there is no start to be found any more.
    this.#hasStart = atMs > START_WITHIN_MS || (this.#hasStart && atMs > this.#startMs);
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
      if (!this.#hasStart) this.#startMs = piece.atMs;
      this.#nextMs = piece.atMs + (this.#hasStart ? INTERVAL_MS : CHECK_BEHIND_MS);
      this.#hasStart = true;
      this.#lastEndMs = piece.atMs + (piece.length * 1000) / SPEECH_BAND_HZ;
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
    const places = this.#places(toMs, lengthMs, STEP_MS);
    const first = places.find(({ power }) => power >= LOUD_ENOUGH);
    if (first || (toMs < START_WITHIN_MS && !this.#ended)) return first;
    const most = Math.max(...places.map(({ power }) => power));
    return places.find(({ power }) => power === most);
  }

  /** Of the loud places near `#nextMs` the one that is least like itself a pitch period on. `undefined`: wait for more. */
  #distinctPiece(): Place | undefined {
    const lengthMs = PIECE_MS;
    const lastMs = this.#lastPlaceMs(lengthMs);
    const toMs = this.#nextMs + CHOICE_MS;
    if (lastMs < toMs && !this.#ended) return undefined;
    const places = this.#places(Math.min(toMs, lastMs), lengthMs, CHOICE_STEP_MS);
    const least = LOUD_SHARE * Math.max(...places.map(({ power }) => power));
    const likenesses = places.map(({ band, length, power }) =>
      power >= least ? pitchAutocorrelation(band, 0, length) : Number.POSITIVE_INFINITY,
    );
    return places[likenesses.indexOf(Math.min(...likenesses))];
  }

  /** From `#nextMs` on, how loud each is in the speech band. */
  #places(toMs: number, lengthMs: number, stepMs: number): Place[] {
    const length = (lengthMs * SPEECH_BAND_HZ) / 1000;
    const step = (stepMs * SPEECH_BAND_HZ) / 1000;
    const around = Math.floor(((toMs - this.#nextMs) * SPEECH_BAND_HZ) / 1000) + length;
    if (around < length) return [];
    const sampleRateHz = this.#sampleRateHz;
    const band = inSpeechBand(
      this.#samples.subarray(0, this.#writtenSamples),
      (this.#nextMs * sampleRateHz) / 1000,
      around + LONGEST_PITCH_PERIOD,
      { sampleRateHz, kernel: this.#kernel },
    );
    const places: Place[] = [];
    for (let at = 0; at + length <= around; at += step) {
      const here = band.subarray(at, at + length + LONGEST_PITCH_PERIOD);
      let energy = 0;
      for (let index = 0; index < length; index += 1) energy += (here[index] as number) ** 2;
      const atMs = this.#nextMs + (at * 1000) / SPEECH_BAND_HZ;
      places.push({ atMs, length, band: here, power: energy / (length * 32_768 ** 2) });
    }
    return places;
  }

  /** Where the last whole piece begins. Below 0: there is none. */
  #lastPlaceMs(lengthMs: number): number {
    const writtenMs = samplesToMs(this.#writtenSamples, this.#sampleRateHz);
    return Math.floor((writtenMs - lengthMs) / STEP_MS) * STEP_MS;
  }

  #fingerprint({ atMs, length, band }: Place, leavesAtMs: AgentMs): Fingerprint {
    return {
      type: 'fingerprint',
      responseId: this.#responseId,
      sampleRateHz: this.#sampleRateHz,
      atSample: (atMs * this.#sampleRateHz) / 1000,
      leavesAtMs: addMs(leavesAtMs, atMs),
      sound: encodeSound(soundOf(band.subarray(0, length))),
    };
  }
}
