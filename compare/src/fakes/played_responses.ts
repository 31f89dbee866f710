import type { ListenerMessage } from '@oncue/core/wire';
import { SAMPLE_RATE_HZ } from './words_tts.ts';

type Playhead = Extract<ListenerMessage, { type: 'playhead' }>;

/** Samples that a listener plays of a response, and when the first of them sounds. */
interface Piece {
  readonly samples: number;
  readonly soundsAtMs: number;
  readonly isLost: boolean;
}

/** Pieces of a response whose sound the agent tells a reporter: where they begin, and how long they are, ms. */
const PIECE_MS = 100;
const FIRST_PIECES_MS = [0, 100];
const PIECE_EVERY_MS = 600;
/** If so many pieces before the first one that came did not, the reporter takes the start for an estimate. */
const LOST_PIECES = 2;

const toSamples = (ms: number): number => (ms * SAMPLE_RATE_HZ) / 1000;

/** What a listener knows of one response. */
export class PlayedResponse {
  readonly responseId: string;
  /** Heard on an earlier visit. */
  readonly heardBefore: number;
  /** Samples to play in all, once that is known. */
  total: number | undefined;
  isCut = false;
  #rendered = 0;
  #wasForetold = false;
  #wasFound = false;
  /** When the listener was told of it. */
  readonly #toldAtMs: number;
  readonly #pieces: Piece[] = [];

  constructor(responseId: string, heardBefore = 0, toldAtMs = Number.NEGATIVE_INFINITY) {
    this.responseId = responseId;
    this.heardBefore = heardBefore;
    this.#toldAtMs = toldAtMs;
  }

  /** Samples that were played so far, whether or not they have sounded, with those heard on an earlier visit. */
  get played(): number {
    return this.heardBefore + this.#rendered;
  }

  /** @param isLost - the network has lost them: the listener's clock runs on, and it finds its place again later. */
  play(samples: number, soundsAtMs: number, isLost: boolean = false): void {
    this.#pieces.push({ samples, soundsAtMs, isLost });
    this.#rendered += samples;
    this.#wasFound ||= !isLost;
  }

  /** Some of it has sounded. */
  get wasFound(): boolean {
    return this.#wasFound;
  }

  /** Nothing more of it will be played. */
  cut(): void {
    this.isCut = true;
    this.total = this.played;
  }

  isOverAt(nowMs: number): boolean {
    return this.total !== undefined && this.played >= this.total && this.#endMs <= nowMs;
  }

  hasSoundedFor(ms: number, nowMs: number): boolean {
    const startedAtMs = this.#pieces[0]?.soundsAtMs;
    return startedAtMs !== undefined && startedAtMs + ms <= nowMs;
  }

  /** The report that is due now: its start as soon as that is known, then where the playhead stands, then its end. */
  reportAt(nowMs: number, errorBoundMs: number): Playhead | undefined {
    const startedAtMs = this.#pieces[0]?.soundsAtMs;
    const over = this.isOverAt(nowMs);
    if (startedAtMs === undefined && !over) return undefined;
    if ((startedAtMs ?? 0) > nowMs && this.#wasForetold) return undefined;
    this.#wasForetold = true;
    const startMs = startedAtMs ?? nowMs;
    const heardSamples = Math.max(over && this.isCut ? 0 : 1, this.#soundedAt(nowMs));
    return {
      type: 'playhead',
      responseId: this.responseId as Playhead['responseId'],
      startedAtMs: startMs as Playhead['startedAtMs'],
      heardSamples,
      positionAtMs: Math.max(startMs, Math.min(nowMs, this.#endMs)) as Playhead['positionAtMs'],
      phase: over ? (this.isCut ? 'cut' : 'ended') : 'playing',
      evidence: this.#isInDoubt(heardSamples) ? 'estimate' : 'device',
      errorBoundMs,
    };
  }

  /** A reporter did not find its first pieces, or the last one up to this sample: their packets were lost. */
  #isInDoubt(sample: number): boolean {
    const found = this.#soundsOfPieces().map((at) => !this.#wasLost(at));
    const first = found.indexOf(true);
    const lastPlace = this.#soundsOfPieces().findLastIndex((at) => at <= sample);
    // It was told of the first one only after that should have sounded: the network was away until then.
    const wasAway = first > 0 && this.#toldAtMs > (this.#pieces[0]?.soundsAtMs ?? 0);
    const isStartLost = (first < 0 ? found.length : first) >= LOST_PIECES || wasAway;
    return isStartLost || found[lastPlace] === false;
  }

  /** At which samples the pieces begin that were played by now: two at the start, then every so often, one near the end. */
  #soundsOfPieces(): readonly number[] {
    const length = toSamples(PIECE_MS);
    const later = Array.from({ length: Math.ceil(this.#rendered / toSamples(PIECE_EVERY_MS)) });
    const inner = later.map((_, place) => toSamples((place + 1) * PIECE_EVERY_MS + PIECE_MS));
    const last = this.total === undefined ? [] : [this.total - length];
    return [...FIRST_PIECES_MS.map(toSamples), ...inner, ...last]
      .filter((at) => at >= this.heardBefore && at + length <= this.played)
      .sort((one, other) => one - other);
  }

  #wasLost(atSample: number): boolean {
    let from = this.heardBefore;
    return this.#pieces.some(({ samples, isLost }) => {
      const isWithin = from < atSample + toSamples(PIECE_MS) && from + samples > atSample;
      from += samples;
      return isLost && isWithin;
    });
  }

  get #endMs(): number {
    const last = this.#pieces.at(-1);
    return last ? last.soundsAtMs + (last.samples * 1000) / SAMPLE_RATE_HZ : 0;
  }

  #soundedAt(nowMs: number): number {
    const sounded = this.#pieces.reduce((sum, { samples, soundsAtMs }) => {
      const passed = Math.floor(((nowMs - soundsAtMs) * SAMPLE_RATE_HZ) / 1000);
      return sum + Math.min(samples, Math.max(0, passed));
    }, 0);
    return this.heardBefore + sounded;
  }
}
