import type { Playhead } from '@oncue/core/wire';
import type { SearchWindow } from './fingerprint_search.ts';
import { FRAME_RATE_HZ } from './frame_rate.ts';
import { checkStart, isRather, isSteady } from './start_check.ts';

/** A fingerprint is sent every second at the latest; without one for twice as long nothing is known to have been sent. */
const LONGEST_UNKNOWN_MS = 2000;

/** A piece further into the response gives a less certain start: the jitter buffer may have moved in between. */
const NEAR_START_MS = 450;

/** A piece that leaves so much later than was said is another one: playout was paused before it left. */
const PUT_OFF_MS = 20;

/** By how much the instant of a piece may be off, besides the clock: found surely, found as the likeliest place. */
const SURE_BOUND_MS = 1;
const LIKELY_BOUND_MS = 5;
/** More, as long as it may be taken for a pitch period before or behind; and when one that may so itself speaks for it. */
const PERIOD_BOUND_MS = 16;
const CHECKED_BOUND_MS = 10;
/** The start is computed back from a later piece. */
const BACK_BOUND_MS = 25;
/** Back over more than this, a break that nobody told of may lie between. */
const LONGEST_BACK_MS = 3000;
/** It is where it was expected, or where sound began. */
const GUESS_BOUND_MS = 30;
const FAR_BOUND_MS = 250;

/** A piece of a response whose sound is known. */
export interface Piece {
  readonly atSample: number;
  /** On the agent's clock. */
  readonly leavesAtMs: number;
  readonly sound: Int8Array;
  /** In which it was found. */
  frame: number | undefined;
  /** The search for it goes on. */
  isSought: boolean;
  isSure: boolean;
  /** There, at most 1. */
  likeness: number;
  /** What is rendered of it may be taken for a pitch period before or behind. */
  readonly isSteady: boolean;
  /** By how much it may be off for that. */
  periodBoundMs: number;
}

/** Where a piece was found. */
export interface Place {
  readonly frame: number;
  /** At most 1. */
  readonly likeness: number;
  /** It could be nothing else. */
  readonly isSure: boolean;
}

/** A piece that is to be compared once more. */
export interface Recheck {
  readonly piece: Piece;
  readonly window: SearchWindow;
}

/** Where the first sample lies, and how that is known. */
export interface TrackStart {
  readonly frame: number;
  readonly evidence: Playhead['evidence'];
  readonly boundMs: number;
}

interface Point {
  readonly sample: number;
  readonly frame: number;
}

/**
 * Which sample of a response is rendered in which frame, from the pieces of it that were found, and for what lies behind
 * them from when it left the agent. Pure.
 */
export class HeardTrack {
  readonly responseId: Playhead['responseId'];
  readonly sampleRateHz: number;
  totalSamples: number | undefined;
  /** Nothing behind it sounds: it was cut there. */
  limitSamples: number | undefined;
  readonly #framesPerSample: number;
  #pieces: Piece[] = [];
  /** The piece that was second when the first was found: one that comes between them later says nothing of that. */
  #second: Piece | undefined;
  #guessFrame: number | undefined;
  /** While playout is paused, and after that until it is known to go on. */
  #hold: Point | undefined;
  #releases: Point[] = [];
  #points: readonly Point[] | undefined;

  constructor(responseId: Playhead['responseId'], sampleRateHz: number) {
    this.responseId = responseId;
    this.sampleRateHz = sampleRateHz;
    this.#framesPerSample = FRAME_RATE_HZ / sampleRateHz;
  }

  get hasPieces(): boolean {
    return this.#pieces.length > 0;
  }

  get isSought(): boolean {
    return this.#pieces.some((piece) => piece.isSought);
  }

  get isHeld(): boolean {
    return this.#hold !== undefined;
  }

  /** @returns `undefined` for one that is known, and was not put off since. */
  addPiece(atSample: number, leavesAtMs: number, sound: Int8Array): Piece | undefined {
    const known = this.#pieces.find((piece) => piece.atSample === atSample);
    const isSame = Math.abs((known?.leavesAtMs ?? 0) - leavesAtMs) < PUT_OFF_MS;
    if (known && (isSame || known.frame !== undefined)) return undefined;
    this.#pieces = this.#pieces.filter((piece) => piece !== known);
    const steady = isSteady(sound);
    const piece: Piece = {
      atSample,
      leavesAtMs,
      sound,
      frame: undefined,
      isSought: true,
      isSure: false,
      likeness: 0,
      isSteady: steady,
      periodBoundMs: steady ? PERIOD_BOUND_MS : 0,
    };
    this.#pieces.push(piece);
    this.#pieces.sort((one, other) => one.atSample - other.atSample);
    this.#points = undefined;
    return piece;
  }

  /** @returns What of it is to be compared once more. */
  found(piece: Piece, { frame, likeness, isSure }: Place): Recheck | undefined {
    piece.frame = frame;
    piece.likeness = likeness;
    piece.isSure = isSure;
    piece.isSought = false;
    this.#points = undefined;
    if (this.#hold && piece.atSample >= this.#hold.sample) this.#hold = undefined;
    return this.#doubt(piece);
  }

  /** @param place Where it was compared once more; where it is much less alike, or not at all, nothing is decided. */
  compared(piece: Piece, place: Place | undefined): void {
    if (!place || !isRather(place.likeness, piece.likeness)) return;
    piece.frame = place.frame;
    this.#checked(piece);
    this.#points = undefined;
  }

  /** The second piece speaks for where the first was found. */
  #checked(first: Piece): void {
    first.periodBoundMs = this.#second?.isSteady ? CHECKED_BOUND_MS : 0;
  }

  /** The first piece by the second, whichever came last. */
  #doubt(latest: Piece): Recheck | undefined {
    const [first, second] = this.#pieces;
    if (!first || !second || (latest !== first && latest !== second)) return undefined;
    if (!first.isSteady || first.frame === undefined || second.frame === undefined)
      return undefined;
    this.#second = second;
    const apartMs = ((second.atSample - first.atSample) * 1000) / this.sampleRateHz;
    const verdict = checkStart(first.frame, second.frame, apartMs);
    if (verdict === 'agrees') this.#checked(first);
    return typeof verdict === 'string' ? undefined : { piece: first, window: verdict };
  }

  /** It is one that was said to leave, and nothing took that back. */
  mayHold(piece: Piece): boolean {
    const { limitSamples = Number.POSITIVE_INFINITY } = this;
    return this.#pieces.includes(piece) && piece.atSample < limitSamples;
  }

  missed(piece: Piece): void {
    piece.isSought = false;
  }

  /** Nothing was found, but it probably began there. */
  guess(frame: number): void {
    this.#guessFrame = frame;
    this.#points = undefined;
  }

  /** Of the last sample that may sound. */
  get lastSample(): number | undefined {
    const { totalSamples, limitSamples } = this;
    return limitSamples === undefined || (totalSamples ?? limitSamples) < limitSamples
      ? totalSamples
      : limitSamples;
  }

  get start(): TrackStart | undefined {
    const first = this.#pieces.find((piece) => piece.frame !== undefined);
    if (first?.frame === undefined) {
      if (this.#guessFrame === undefined) return undefined;
      return { frame: this.#guessFrame, evidence: 'estimate', boundMs: GUESS_BOUND_MS };
    }
    const frame = first.frame - first.atSample * this.#framesPerSample;
    const atMs = (first.atSample * 1000) / this.sampleRateHz;
    if (atMs > LONGEST_BACK_MS) return { frame, evidence: 'estimate', boundMs: FAR_BOUND_MS };
    if (atMs > NEAR_START_MS) return { frame, evidence: 'device', boundMs: BACK_BOUND_MS };
    const boundMs = first.isSure ? SURE_BOUND_MS : LIKELY_BOUND_MS;
    return { frame, evidence: 'device', boundMs: boundMs + first.periodBoundMs };
  }

  /** The frame behind the first `samples`; `undefined` while that cannot be told. */
  frameBehind(samples: number): number | undefined {
    if (this.#hold && samples > this.#hold.sample) return undefined;
    const points = this.#allPoints();
    const point = points.findLast((one) => one.sample < samples) ?? points[0];
    if (!point) return undefined;
    return point.frame + (samples - point.sample) * this.#framesPerSample;
  }

  /** How many samples have been rendered before a frame: never more than can have been sent. */
  samplesAt(frame: number): number {
    const points = this.#allPoints();
    const index = Math.max(
      0,
      points.findLastIndex((one) => one.frame <= frame),
    );
    const point = points[index];
    if (!point) return 0;
    const unknown = (LONGEST_UNKNOWN_MS * this.sampleRateHz) / 1000;
    const most = Math.min(
      points[index + 1]?.sample ?? point.sample + unknown,
      this.lastSample ?? Number.POSITIVE_INFINITY,
      this.#hold && frame >= this.#hold.frame ? this.#hold.sample : Number.POSITIVE_INFINITY,
    );
    const linear = point.sample + (frame - point.frame) / this.#framesPerSample;
    return Math.max(0, Math.floor(Math.min(most, linear)));
  }

  /** Playout was paused, and what had left has sounded up to that frame. */
  holdAt(frame: number): void {
    if (this.#allPoints().length > 0) this.#hold = { sample: this.samplesAt(frame), frame };
  }

  /** Playout was paused when so much had left. What was said to leave behind it will be said again, if at all. */
  holdBehind(samples: number): void {
    this.#pieces = this.#pieces.filter((one) => one.frame !== undefined || one.atSample < samples);
    this.#points = undefined;
    this.#hold = { sample: samples, frame: this.frameBehind(samples) ?? 0 };
  }

  /** It goes on from where it stood. */
  release(frame: number): void {
    if (!this.#hold) return;
    this.#releases.push({ sample: this.#hold.sample, frame });
    this.#hold = undefined;
    this.#points = undefined;
  }

  #allPoints(): readonly Point[] {
    this.#points ??= this.#makePoints();
    return this.#points;
  }

  #makePoints(): readonly Point[] {
    const known: Point[] = this.#pieces
      .filter((piece) => piece.frame !== undefined)
      .map((piece) => ({ sample: piece.atSample, frame: piece.frame ?? 0 }));
    if (known.length === 0 && this.#guessFrame !== undefined)
      known.push({ sample: 0, frame: this.#guessFrame });
    if (known.length === 0) return [];
    const points = [...known, ...this.#releases]
      .sort((one, other) => one.sample - other.sample || one.frame - other.frame)
      // One that lies before its forerunner was found wrongly.
      .reduce<Point[]>((line, one) => {
        if (one.frame >= (line.at(-1)?.frame ?? one.frame)) line.push(one);
        return line;
      }, []);
    return [...points, ...this.#expected(points.at(-1) as Point)];
  }

  /** What left the agent with a delay sounds with a delay. */
  #expected(last: Point): Point[] {
    const expected: Point[] = [];
    const leftAtMs = this.#leftAtMs();
    if (leftAtMs === undefined) return expected;
    let before = last;
    for (const piece of this.#pieces) {
      if (piece.atSample <= last.sample || piece.frame !== undefined) continue;
      const least = before.frame + (piece.atSample - before.sample) * this.#framesPerSample;
      const byAgent = leftAtMs.frame + ((piece.leavesAtMs - leftAtMs.atMs) * FRAME_RATE_HZ) / 1000;
      before = { sample: piece.atSample, frame: Math.max(least, byAgent) };
      expected.push(before);
    }
    return expected;
  }

  /** An instant of the agent's clock, and the frame that belongs to it. */
  #leftAtMs(): { readonly atMs: number; readonly frame: number } | undefined {
    const found = this.#pieces.findLast((piece) => piece.frame !== undefined);
    if (found?.frame !== undefined) return { atMs: found.leavesAtMs, frame: found.frame };
    const first = this.#pieces[0];
    if (!first || this.#guessFrame === undefined) return undefined;
    return {
      atMs: first.leavesAtMs - (first.atSample * 1000) / this.sampleRateHz,
      frame: this.#guessFrame,
    };
  }
}
