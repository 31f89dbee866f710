import type { ListenerMessage } from '@oncue/core/wire';
import { SAMPLE_RATE_HZ } from './words_tts.ts';

type Playhead = Extract<ListenerMessage, { type: 'playhead' }>;

/** Samples that a listener plays of a response, and when the first of them sounds. */
interface Piece {
  readonly samples: number;
  readonly soundsAtMs: number;
}

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
  readonly #pieces: Piece[] = [];

  constructor(responseId: string, heardBefore = 0) {
    this.responseId = responseId;
    this.heardBefore = heardBefore;
  }

  /** Samples that were played so far, whether or not they have sounded, with those heard on an earlier visit. */
  get played(): number {
    return this.heardBefore + this.#rendered;
  }

  /** @param isLost - the network has lost them: the listener's clock runs on, and it finds its place again later. */
  play(samples: number, soundsAtMs: number, isLost: boolean = false): void {
    this.#pieces.push({ samples, soundsAtMs });
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
    return {
      type: 'playhead',
      responseId: this.responseId as Playhead['responseId'],
      startedAtMs: startMs as Playhead['startedAtMs'],
      heardSamples: Math.max(over && this.isCut ? 0 : 1, this.#soundedAt(nowMs)),
      positionAtMs: Math.max(startMs, Math.min(nowMs, this.#endMs)) as Playhead['positionAtMs'],
      phase: over ? (this.isCut ? 'cut' : 'ended') : 'playing',
      evidence: 'device',
      errorBoundMs,
    };
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
