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
 * Length of the first fingerprint. A page knows the start when it has heard this much, so it is short; but 60 ms were not
 * always found.
 */
const FIRST_PIECE_MS = 100;

/** Length of the later ones, which are less urgent. */
const PIECE_MS = 150;

/** Distance between the candidates for the first fingerprint. */
const STEP_MS = 10;

/** Distance between the candidates for a later one. */
const CHOICE_STEP_MS = 30;

/** The first fingerprint begins within this time, since a response may begin with silence, where nothing can be found. */
const START_WITHIN_MS = 400;

/** From the first fingerprint to the second, which confirms it. */
const CHECK_AFTER_MS = 100;

/** From each later one to the next: the playhead runs without a measurement for no longer than this. */
const INTERVAL_MS = 600;

/** A later fingerprint is placed within this time, where it is most distinct from its surroundings. */
const CHOICE_MS = 150;

/**
 * Minimum power of the first fingerprint: mean square relative to full scale, in the speech band, −36 dBFS. Of quieter audio,
 * mostly hiss, a codec keeps the sound but not the waveform.
 */
const LOUD_ENOUGH = 10 ** (-36 / 10);

/** Minimum power of a later fingerprint relative to the loudest candidate, −10 dB. */
const LOUD_SHARE = 0.1;

/** How much of the audio that has left is kept. Fingerprints are taken from nothing older. */
const KEPT_MS = 3000;

/** A stretch of audio that may become a fingerprint. */
interface Candidate {
  readonly atMs: number;
  /** In band samples. */
  readonly length: number;
  /** The audio in the speech band, and one pitch period after it. */
  readonly band: Float32Array;
  /** Mean square relative to full scale. */
  readonly power: number;
}

/**
 * Chooses the fingerprints of a response, by which a page finds it in the audio it receives: one at its start, one that
 * confirms it, one about every 600 ms, and one near its end. Reads no clock.
 */
export class Fingerprints {
  readonly #responseId: ResponseId;
  readonly #sampleRateHz: number;
  readonly #kernel: Float32Array;
  /** The samples from `#firstSample` on. */
  #samples: Int16Array = new Int16Array(0);
  #firstSample = 0;
  #writtenSamples = 0;
  #ended = false;
  /** The next fingerprint begins at this or later. */
  #nextMs = 0;
  /** The end of the latest fingerprint. */
  #lastEndMs = 0;
  #hasStart = false;
  /** Where the first fingerprint begins. */
  #startMs = 0;
  #hasTail = false;

  constructor(responseId: ResponseId, sampleRateHz: number, kernel: Float32Array) {
    this.#responseId = responseId;
    this.#sampleRateHz = sampleRateHz;
    this.#kernel = kernel;
  }

  /** Whether the fingerprint near the end was returned. */
  get hasTail(): boolean {
    return this.#hasTail;
  }

  write(samples: Int16Array): void {
    const kept = this.keptSamples;
    if (kept + samples.length > this.#samples.length) {
      const room = new Int16Array(2 * (kept + samples.length));
      room.set(this.#samples.subarray(0, kept));
      this.#samples = room;
    }
    this.#samples.set(samples, kept);
    this.#writtenSamples += samples.length;
  }

  get keptSamples(): number {
    return this.#writtenSamples - this.#firstSample;
  }

  /** All before this sample has left. */
  hasLeft(sample: number): void {
    const keep = (KEPT_MS * this.#sampleRateHz) / 1000;
    const keptFrom = Math.floor(sample - keep);
    // Not at each call, since the rest is moved.
    if (keptFrom - this.#firstSample < keep) return;
    this.#samples.copyWithin(0, keptFrom - this.#firstSample, this.keptSamples);
    this.#firstSample = keptFrom;
    const firstMs = samplesToMs(keptFrom, this.#sampleRateHz);
    if (this.#nextMs < firstMs) this.restartAt(keptFrom);
  }

  /** No more samples come. */
  end(): void {
    this.#ended = true;
  }

  /** Returns the fingerprints from this sample on once more: for a page that joined, or because they leave at another time. */
  restartAt(sample: number): void {
    const atMs = Math.ceil(samplesToMs(sample, this.#sampleRateHz) / STEP_MS) * STEP_MS;
    this.#hasTail = false;
    this.#lastEndMs = 0;
    this.#nextMs = atMs;
    // After its beginning the start can no longer be found.
    this.#hasStart = atMs > START_WITHIN_MS || (this.#hasStart && atMs > this.#startMs);
  }

  /**
   * The fingerprints that begin before `untilSample` and were not returned yet, as far as their samples were written.
   *
   * @param leavesAtMs - when sample 0 of the response left, or would leave if all of it left without a break.
   */
  take(untilSample: number, leavesAtMs: AgentMs): readonly Fingerprint[] {
    const untilMs = samplesToMs(untilSample, this.#sampleRateHz);
    const pieces: Fingerprint[] = [];
    for (;;) {
      if (this.#nextMs > this.#latestStartMs(PIECE_MS)) this.#turnToTail();
      if (this.#nextMs > untilMs) break;
      const piece = this.#hasStart ? this.#distinctPiece() : this.#startPiece();
      if (!piece) break;
      if (!this.#hasStart) this.#startMs = piece.atMs;
      this.#nextMs = piece.atMs + (this.#hasStart ? INTERVAL_MS : CHECK_AFTER_MS);
      this.#hasStart = true;
      this.#lastEndMs = piece.atMs + (piece.length * 1000) / SPEECH_BAND_HZ;
      pieces.push(this.#fingerprint(piece, leavesAtMs));
    }
    return pieces;
  }

  /** The next response is predicted from the end of this one, so the last fingerprint is near the end. */
  #turnToTail(): void {
    if (!this.#ended || this.#hasTail || !this.#hasStart) return;
    this.#hasTail = true;
    const lastMs = this.#latestStartMs(PIECE_MS);
    const fromMs = Math.max(this.#lastEndMs, lastMs - CHOICE_MS);
    if (fromMs <= lastMs) this.#nextMs = fromMs;
  }

  /** From `#nextMs` on, the first candidate that is loud enough, or else the loudest. `undefined`: wait for more audio. */
  #startPiece(): Candidate | undefined {
    const lengthMs = FIRST_PIECE_MS;
    const toMs = Math.min(START_WITHIN_MS, this.#latestStartMs(lengthMs));
    const candidates = this.#candidates(toMs, lengthMs, STEP_MS);
    const first = candidates.find(({ power }) => power >= LOUD_ENOUGH);
    if (first || (toMs < START_WITHIN_MS && !this.#ended)) return first;
    const most = Math.max(...candidates.map(({ power }) => power));
    return candidates.find(({ power }) => power === most);
  }

  /** Of the loud candidates near `#nextMs` the least periodic one. `undefined`: wait for more audio. */
  #distinctPiece(): Candidate | undefined {
    const lengthMs = PIECE_MS;
    const lastMs = this.#latestStartMs(lengthMs);
    const toMs = this.#nextMs + CHOICE_MS;
    if (lastMs < toMs && !this.#ended) return undefined;
    const candidates = this.#candidates(Math.min(toMs, lastMs), lengthMs, CHOICE_STEP_MS);
    const least = LOUD_SHARE * Math.max(...candidates.map(({ power }) => power));
    const correlations = candidates.map(({ band, length, power }) =>
      power >= least ? pitchAutocorrelation(band, 0, length) : Number.POSITIVE_INFINITY,
    );
    return candidates[correlations.indexOf(Math.min(...correlations))];
  }

  /** The candidates that begin from `#nextMs` to `toMs`. */
  #candidates(toMs: number, lengthMs: number, stepMs: number): Candidate[] {
    const length = (lengthMs * SPEECH_BAND_HZ) / 1000;
    const step = (stepMs * SPEECH_BAND_HZ) / 1000;
    const around = Math.floor(((toMs - this.#nextMs) * SPEECH_BAND_HZ) / 1000) + length;
    if (around < length) return [];
    const sampleRateHz = this.#sampleRateHz;
    const band = inSpeechBand(
      this.#samples.subarray(0, this.keptSamples),
      (this.#nextMs * sampleRateHz) / 1000 - this.#firstSample,
      around + LONGEST_PITCH_PERIOD,
      { sampleRateHz, kernel: this.#kernel },
    );
    const candidates: Candidate[] = [];
    for (let at = 0; at + length <= around; at += step) {
      const here = band.subarray(at, at + length + LONGEST_PITCH_PERIOD);
      let energy = 0;
      for (let index = 0; index < length; index += 1) energy += (here[index] as number) ** 2;
      const atMs = this.#nextMs + (at * 1000) / SPEECH_BAND_HZ;
      candidates.push({ atMs, length, band: here, power: energy / (length * 32_768 ** 2) });
    }
    return candidates;
  }

  /** Where the last fingerprint of this length could begin. Below 0: the audio is too short. */
  #latestStartMs(lengthMs: number): number {
    const writtenMs = samplesToMs(this.#writtenSamples, this.#sampleRateHz);
    return Math.floor((writtenMs - lengthMs) / STEP_MS) * STEP_MS;
  }

  #fingerprint({ atMs, length, band }: Candidate, leavesAtMs: AgentMs): Fingerprint {
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
