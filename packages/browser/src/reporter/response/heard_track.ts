import type { Playhead } from '@oncue/core/wire';
import { NEVER } from '../../shared/never.ts';
import { FRAME_RATE_HZ, FRAMES_PER_MS } from '../frame_rate.ts';
import {
  AGREES_MS,
  AHEAD_OF_PACKETS_MS,
  BACK_BOUND_MS,
  CHECKED_MS,
  CORRELATION_TOLERANCE,
  DRIFT_SHARE,
  FAR_BOUND_MS,
  LONGEST_BACK_MS,
  LONGEST_UNKNOWN_MS,
  LOST_PIECES,
  MOST_DRIFT_MS,
  NEAR_END_MS,
  NEAR_MS,
  NEAR_START_MS,
  PERIOD_MS,
  POSTPONED_MS,
} from '../tuning.ts';
import { isPeriodic } from './periodic.ts';
import { boundMsOf, isFound, type Match, type Piece, type Recheck } from './piece.ts';
import type { PlayedPacket, Rendered } from './rendered.ts';
import { type Point, renderedPoints } from './rendered_points.ts';

/** Where the first sample lies, and how that is known. */
export interface TrackStart {
  readonly frame: number;
  readonly evidence: Playhead['evidence'];
  readonly boundMs: number;
}

/**
 * Which sample of a response is rendered in which frame: by the pieces that were found, and after the last of them by when
 * the audio left the agent. Pure.
 */
export class HeardTrack {
  readonly responseId: Playhead['responseId'];
  readonly sampleRateHz: number;
  totalSamples: number | undefined;
  /** The response was cut here: no later sample sounds. */
  limitSamples: number | undefined;
  readonly #framesPerSample: number;
  #pieces: Piece[] = [];
  /** The second piece when the first was found. A piece that arrives later between the two cannot confirm the first. */
  #second: Piece | undefined;
  #guess: TrackStart | undefined;
  /** Where its first piece is expected, from how long earlier audio was on its way. */
  #expectedFrame: number | undefined;
  /** Set while playout is paused, and then until playout is known to have resumed. */
  #hold: Point | undefined;
  #releases: Point[] = [];

  constructor(responseId: Playhead['responseId'], sampleRateHz: number) {
    this.responseId = responseId;
    this.sampleRateHz = sampleRateHz;
    this.#framesPerSample = FRAME_RATE_HZ / sampleRateHz;
  }

  get hasPieces(): boolean {
    return this.#pieces.length > 0;
  }

  /** Whether a search for one of its pieces is still running. */
  get isSought(): boolean {
    return this.#pieces.some(({ match }) => match === 'sought');
  }

  get isHeld(): boolean {
    return this.#hold !== undefined;
  }

  /**
   * @param arrivedFrame What has been rendered by now.
   * @returns `undefined` for a piece that is known already and was not postponed since.
   */
  addPiece(
    atSample: number,
    leavesAtMs: number,
    sound: Int8Array,
    arrivedFrame: number,
  ): Piece | undefined {
    const known = this.#pieces.find((piece) => piece.atSample === atSample);
    if (known && (Math.abs(known.leavesAtMs - leavesAtMs) < POSTPONED_MS || isFound(known)))
      return undefined;
    const piece: Piece = {
      atSample,
      leavesAtMs,
      sound,
      arrivedFrame,
      isPeriodic: isPeriodic(sound),
      match: 'sought',
    };
    this.#pieces = [...this.#pieces.filter((one) => one !== known), piece].sort(
      (one, other) => one.atSample - other.atSample,
    );
    return piece;
  }

  /** @returns A piece to compare once more, if this match contradicts another. */
  found(piece: Piece, match: Match): Recheck | undefined {
    piece.match = match;
    if (this.#hold && piece.atSample >= this.#hold.sample) this.#hold = undefined;
    return this.#checkFirst(piece);
  }

  missed(piece: Piece): void {
    piece.match = 'missed';
  }

  /** A recheck has ended. If the correlation there is much lower, or there is no match, nothing changes. */
  rechecked(piece: Piece, match: Match | undefined): void {
    if (!match || !isFound(piece)) return;
    if (match.correlation < piece.match.correlation - CORRELATION_TOLERANCE) return;
    piece.confirmedBy = this.#second;
    piece.match = { ...(piece.match as Match), frame: match.frame };
  }

  /** Whether no earlier piece is known. */
  isFirst(piece: Piece): boolean {
    return this.#pieces[0] === piece;
  }

  /** Whether the piece is still to be rendered: nothing has cut or replaced it. */
  isExpected(piece: Piece): boolean {
    return this.#pieces.includes(piece) && piece.atSample < this.lastSample;
  }

  /** No piece was found, but the response probably began at this frame. */
  guess(frame: number, boundMs: number): void {
    this.#guess = { frame, evidence: 'estimate', boundMs };
  }

  /**
   * Its first piece is expected at this frame, or at the latest that was given. Until a piece is found, positions rest on that;
   * a start never does.
   */
  expect(frame: number): void {
    this.#expectedFrame = Math.max(frame, this.#expectedFrame ?? frame);
  }

  /** Where its first piece is expected or was found; `undefined` while nothing of it can be expected. */
  get soundFrame(): number | undefined {
    const [first] = this.#pieces;
    return first && isFound(first) ? first.match.frame : this.#expectedFrame;
  }

  /** The last sample that may sound, counted from 1; `Infinity` while the end is not known. */
  get lastSample(): number {
    const { totalSamples = NEVER, limitSamples = NEVER } = this;
    return Math.min(totalSamples, limitSamples);
  }

  get start(): TrackStart | undefined {
    const first = this.#pieces.find(isFound);
    if (!first) return this.#guess;
    const frame = first.match.frame - first.atSample * this.#framesPerSample;
    const atMs = (first.atSample * 1000) / this.sampleRateHz;
    if (atMs > LONGEST_BACK_MS) return { frame, evidence: 'estimate', boundMs: FAR_BOUND_MS };
    const boundMs = Math.max(atMs > NEAR_START_MS ? BACK_BOUND_MS : 0, boundMsOf(first));
    // Its packets were probably lost if several pieces were missed, or one of which was told only when it should have sounded.
    const lost = (this.#pieces[0] as Piece).arrivedFrame > frame ? 1 : LOST_PIECES;
    const evidence = this.#pieces.indexOf(first) >= lost ? 'estimate' : 'device';
    return { frame, evidence, boundMs };
  }

  /** Whether the last piece up to this sample was not found: its packets may have been lost, and never sounded. */
  isInDoubt(sample: number): boolean {
    const last = this.#pieces.findLast((one) => one.match !== 'sought' && one.atSample <= sample);
    return last?.match === 'missed';
  }

  /**
   * The frame at which the first `samples` have been rendered; `undefined` while that is not known. Long after the last piece
   * nothing is: the network may have gone away.
   */
  frameAfter(samples: number): number | undefined {
    if (this.#hold && samples > this.#hold.sample) return undefined;
    const points = this.#points;
    const point = points.findLast((one) => one.sample < samples) ?? points[0];
    if (!point || samples - point.sample > this.#samplesIn(LONGEST_UNKNOWN_MS)) return undefined;
    return point.frame + (samples - point.sample) * this.#framesPerSample;
  }

  /**
   * The frame at which the last sample was rendered. `Infinity` while that is not known, and if nothing shows that it was:
   * neither did sound go on until shortly before, nor was a piece near it found, nor did the fingerprint of one arrive before
   * the piece was rendered.
   */
  endFrame({ onsetFrame, loudUntilFrame }: Rendered): number {
    const frame = this.frameAfter(this.lastSample) ?? NEVER;
    const nearFrame = frame - NEAR_END_MS * FRAMES_PER_MS;
    const isShown =
      (onsetFrame <= frame && loudUntilFrame >= nearFrame) ||
      this.#pieces.some(
        (piece) =>
          this.isNearEnd(piece.atSample) &&
          // A fingerprint that comes later may have waited for a network that was away.
          (isFound(piece) || piece.arrivedFrame <= (this.frameAfter(piece.atSample + 1) ?? -1)),
      );
    return isShown ? frame : NEVER;
  }

  /** Whether the end is known, and this sample lies shortly before it or later. */
  isNearEnd(sample: number): boolean {
    return sample >= this.lastSample - this.#samplesIn(NEAR_END_MS);
  }

  /**
   * How many samples have been rendered before a frame. Never more than can have been sent.
   *
   * @param packets If given, never more than they can have brought either: a browser fills gaps with sound of its own.
   */
  samplesAt(frame: number, packets: readonly PlayedPacket[] = []): number {
    const points = this.#points;
    const point = points.findLast((one) => one.frame <= frame) ?? points[0];
    if (!point) return 0;
    const next = points[points.indexOf(point) + 1];
    const most = Math.min(
      next?.sample ?? NEVER,
      point.sample + this.#samplesIn(LONGEST_UNKNOWN_MS),
      this.lastSample,
      this.#mostBrought(frame, packets),
      this.#hold && frame >= this.#hold.frame ? this.#hold.sample : NEVER,
    );
    const linear = point.sample + (frame - point.frame) / this.#framesPerSample;
    return Math.max(0, Math.floor(Math.min(most, linear)));
  }

  /** Whether something near this frame is known of it, or it is paused there. What sounds long after that is another one. */
  isKnownAt(frame: number): boolean {
    const nearFrame = frame - LONGEST_UNKNOWN_MS * FRAMES_PER_MS;
    return this.isHeld || this.#points.some((point) => point.frame >= nearFrame);
  }

  /** By how much the instant of this sample may be off besides, since nothing was found for long before it. */
  driftMsAt(sample: number): number {
    const last = this.#pieces.findLast((one) => isFound(one) && one.atSample <= sample);
    const sinceMs = ((sample - (last?.atSample ?? 0)) * 1000) / this.sampleRateHz;
    return Math.max(0, Math.min(MOST_DRIFT_MS, (sinceMs - CHECKED_MS) * DRIFT_SHARE));
  }

  /** Playout was paused; what had been sent has sounded up to this frame. */
  holdAt(frame: number): void {
    if (this.start) this.#hold = { sample: this.samplesAt(frame), frame };
  }

  /** Playout was paused when this many samples had been sent. Later pieces are announced again if they are sent after all. */
  holdAfter(samples: number): void {
    this.#pieces = this.#pieces.filter((one) => isFound(one) || one.atSample < samples);
    this.#hold = { sample: samples, frame: this.frameAfter(samples) ?? 0 };
  }

  /** Playout resumed, and the next sample is rendered at this frame. */
  release(frame: number): void {
    if (!this.#hold) return;
    this.#releases.push({ sample: this.#hold.sample, frame });
    this.#hold = undefined;
  }

  /** How many samples the packets can have brought by this frame, counted from the last piece that was found. */
  #mostBrought(frame: number, packets: readonly PlayedPacket[]): number {
    const last = this.#pieces.filter(isFound).findLast(({ match }) => match.frame <= frame);
    const from = last && packets.findLast((one) => one.frame <= last.match.frame);
    const to = packets.at(-1);
    if (!from || !to) return NEVER;
    // Holds also if the timestamps began again in between. Of another source, which counts from elsewhere, it is endless or is undone
    // by the next piece.
    const brought = (to.rtp - from.rtp) >>> 0;
    const frames = brought - (last.match.frame - from.frame);
    return last.atSample + (frames + AHEAD_OF_PACKETS_MS * FRAMES_PER_MS) / this.#framesPerSample;
  }

  /**
   * Checks the first piece against the second, whichever of them was found last. The agent chooses the second piece where the
   * sound changes, if there is such a place, so it is mostly found correctly. If it implies that the first piece is a pitch
   * period away from where it was found, one of the two is wrong.
   */
  #checkFirst(latest: Piece): Recheck | undefined {
    const [first, second] = this.#pieces;
    if (!first || !second || (latest !== first && latest !== second)) return undefined;
    if (!first.isPeriodic || !isFound(first) || !isFound(second)) return undefined;
    if (second.match.spreadMs > AGREES_MS) return undefined;
    this.#second = second;
    const apartMs = ((second.atSample - first.atSample) * 1000) / this.sampleRateHz;
    const frame = second.match.frame - apartMs * FRAMES_PER_MS;
    const offMs = Math.abs(frame - first.match.frame) / FRAMES_PER_MS;
    if (apartMs > NEAR_MS || offMs > PERIOD_MS) return undefined;
    if (offMs <= AGREES_MS) {
      first.confirmedBy = second;
      return undefined;
    }
    const margin = AGREES_MS * FRAMES_PER_MS;
    return { piece: first, window: { fromFrame: frame - margin, toFrame: frame + margin } };
  }

  #samplesIn(ms: number): number {
    return (ms * this.sampleRateHz) / 1000;
  }

  get #expectedStart(): number | undefined {
    const { atSample = 0 } = this.#pieces[0] ?? {};
    return this.#expectedFrame && this.#expectedFrame - atSample * this.#framesPerSample;
  }

  get #points(): readonly Point[] {
    return renderedPoints(
      this.#pieces,
      this.#releases,
      this.#guess?.frame ?? this.#expectedStart,
      this.#framesPerSample,
    );
  }
}
