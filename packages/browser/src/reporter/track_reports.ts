import type { Playhead } from '@oncue/core/wire';
import type { PageInstant } from '../shared/output_clock.ts';
import type { PageMs } from '../shared/page_clock.ts';
import type { FrameClock } from './frame_clock.ts';
import type { HeardTrack } from './heard_track.ts';

/** Between two reports of a response that plays. Each costs a packet on the way of the user's voice. */
const REPORT_INTERVAL_MS = 100;

/** After the first, since any may be lost: when the last word on a response is said again. */
const REPEATED_AFTER_MS = [100, 300];

/** A report, and whether the network is to carry it until it arrives. */
export interface DueReport {
  readonly report: Playhead;
  readonly isReliable: boolean;
}

interface Repeat extends DueReport {
  readonly dueAtMs: number;
}

/** What is to be reported of one response. Pure. */
export class TrackReports {
  readonly #track: HeardTrack;
  readonly #clock: FrameClock;
  #start: (PageInstant & Pick<Playhead, 'evidence'>) | undefined;
  /** Of the start that was told, besides that of the clock. */
  #startBoundMs = Number.POSITIVE_INFINITY;
  #heardSamples = 0;
  #reportedAtMs = Number.NEGATIVE_INFINITY;
  #waiting: Repeat[] = [];
  #isOver = false;

  constructor(track: HeardTrack, clock: FrameClock) {
    this.#track = track;
    this.#clock = clock;
  }

  get hasStarted(): boolean {
    return this.#start !== undefined;
  }

  /** Its last word is known. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** And has been said as often as it is to be. */
  get isDone(): boolean {
    return this.#isOver && this.#waiting.length === 0;
  }

  /** @param audibleFrame What sounds now. */
  follow(nowMs: PageMs, audibleFrame: number): void {
    if (this.#isOver || !this.#hasBegun(nowMs)) return;
    const last = this.#track.lastSample;
    const lastFrame = last === undefined ? undefined : this.#track.frameBehind(last);
    if (last !== undefined && lastFrame !== undefined && lastFrame <= audibleFrame) {
      const isCut = this.#track.limitSamples === last;
      this.#finish(nowMs, last, this.#clock.toPage(lastFrame)?.atMs ?? nowMs, isCut);
      return;
    }
    this.#heardSamples = Math.max(this.#heardSamples, this.#track.samplesAt(audibleFrame), 1);
    if (nowMs - this.#reportedAtMs < REPORT_INTERVAL_MS) return;
    this.#reportedAtMs = nowMs;
    this.#say(this.#playhead('playing', this.#heardSamples, nowMs), false, nowMs);
  }

  /** It was cut before anything of it left. */
  neverHeard(nowMs: PageMs): void {
    if (this.#isOver) return;
    // That nothing sounded is certain.
    this.#start ??= { atMs: nowMs, errorBoundMs: 0, evidence: 'device' };
    this.#finish(nowMs, this.#heardSamples, nowMs, true);
  }

  /** A later response sounds. @returns Whether something can be said of this one. */
  overtaken(nowMs: PageMs): boolean {
    const last = this.#track.lastSample;
    if (!this.#start || last === undefined) return false;
    this.#finish(nowMs, last, nowMs, this.#track.limitSamples === last);
    return true;
  }

  take(nowMs: PageMs): readonly DueReport[] {
    const due = this.#waiting.filter((one) => one.dueAtMs <= nowMs);
    this.#waiting = this.#waiting.filter((one) => one.dueAtMs > nowMs);
    return due;
  }

  /** The first sample has sounded; a better measurement of it is told at once. */
  #hasBegun(nowMs: PageMs): boolean {
    const start = this.#track.start;
    if (!start) return this.#start !== undefined;
    if (this.#start && start.boundMs >= this.#startBoundMs) return true;
    const instant = this.#clock.toPage(start.frame);
    if (!instant || instant.atMs > nowMs) return this.#start !== undefined;
    const errorBoundMs = instant.errorBoundMs + start.boundMs;
    this.#start = { atMs: instant.atMs, errorBoundMs, evidence: start.evidence };
    this.#startBoundMs = start.boundMs;
    this.#reportedAtMs = Number.NEGATIVE_INFINITY;
    return true;
  }

  #finish(nowMs: PageMs, samples: number, atMs: PageMs, isCut: boolean): void {
    this.#isOver = true;
    const report = this.#playhead(isCut ? 'cut' : 'ended', samples, atMs);
    this.#say(report, true, nowMs);
    for (const afterMs of REPEATED_AFTER_MS) this.#say(report, false, nowMs + afterMs);
  }

  #say(report: Playhead, isReliable: boolean, dueAtMs: number): void {
    this.#waiting.push({ report, isReliable, dueAtMs });
  }

  #playhead(phase: Playhead['phase'], heardSamples: number, atMs: PageMs): Playhead {
    const start = this.#start ?? { atMs, errorBoundMs: 0, evidence: 'estimate' };
    return {
      type: 'playhead',
      responseId: this.#track.responseId,
      startedAtMs: start.atMs,
      heardSamples,
      // The clock may have been corrected since the start.
      positionAtMs: atMs > start.atMs ? atMs : start.atMs,
      phase,
      evidence: start.evidence,
      errorBoundMs: start.errorBoundMs,
    };
  }
}
