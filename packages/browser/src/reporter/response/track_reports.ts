import type { Playhead } from '@oncue/core/wire';
import { NEVER } from '../../shared/never.ts';
import type { PageInstant } from '../../shared/output_clock.ts';
import type { PageMs } from '../../shared/page_clock.ts';
import type { FrameClock } from '../frame_clock.ts';
import { CORRECTION_INTERVAL_MS, OFF_COURSE_MS, REPORT_INTERVAL_MS } from '../tuning.ts';
import type { HeardTrack } from './heard_track.ts';
import type { Rendered } from './rendered.ts';

/** When the last report of a response is repeated, after it was first sent: any packet may be lost. */
const REPEATED_AFTER_MS = [100, 300];

/** A report, and whether it is sent on the reliable channel. */
export interface DueReport {
  readonly report: Playhead;
  readonly isReliable: boolean;
}

interface ScheduledReport extends DueReport {
  readonly dueAtMs: number;
}

type Start = PageInstant & Pick<Playhead, 'evidence'>;

/** The reports about one response. Pure. */
export class TrackReports {
  readonly #track: HeardTrack;
  readonly #clock: FrameClock;
  /** Known before anything is reported. */
  #start: Start | undefined;
  /** Bound of the start that was reported, without that of the clock. */
  #startBoundMs = NEVER;
  #heardSamples = 0;
  #reportedAtMs = -NEVER;
  #reportedSamples = 0;
  #isMoving = true;
  #scheduled: ScheduledReport[] = [];
  /** Its last report is known. */
  isOver = false;

  constructor(track: HeardTrack, clock: FrameClock) {
    this.#track = track;
    this.#clock = clock;
  }

  /** When its first sample sounded; `undefined` while it is not known to have sounded. */
  get startedAtMs(): PageMs | undefined {
    return this.#start?.atMs;
  }

  /** Its last report has been sent, with all repetitions. */
  get isDone(): boolean {
    return this.isOver && this.#scheduled.length === 0;
  }

  /** @param audibleFrame The frame that sounds now. */
  follow(nowMs: PageMs, audibleFrame: number, rendered: Rendered): void {
    if (this.isOver || !this.#hasBegun(nowMs)) return;
    const lastFrame = this.#track.endFrame(rendered);
    if (lastFrame <= audibleFrame) {
      this.#end(nowMs, this.#clock.toPage(lastFrame)?.atMs ?? nowMs);
      return;
    }
    const samples = this.#track.samplesAt(audibleFrame);
    // Nothing shows that its end sounds, and a position there would say so.
    if (!this.#track.isHeld && lastFrame === NEVER && this.#track.isNearEnd(samples)) return;
    this.#heardSamples = Math.max(this.#heardSamples, samples, 1);
    if (!this.#isDue(nowMs)) return;
    this.#isMoving = this.#heardSamples > this.#reportedSamples;
    this.#reportedAtMs = nowMs;
    this.#reportedSamples = this.#heardSamples;
    this.#schedule(this.#playhead('playing', this.#heardSamples, nowMs), false, nowMs);
  }

  /** The response was cut before any of it was sent. */
  neverHeard(nowMs: PageMs): void {
    if (this.isOver) return;
    // That nothing sounded is certain.
    this.#start ??= { atMs: nowMs, errorBoundMs: 0, evidence: 'device' };
    this.#finish(nowMs, this.#heardSamples, nowMs, true);
  }

  /** A later response sounds since `atMs`. @returns Whether a last report of this one is possible. */
  overtaken(nowMs: PageMs, atMs: PageMs, rendered: Rendered): boolean {
    if (!this.#start || this.#track.endFrame(rendered) === NEVER) return false;
    this.#end(nowMs, atMs);
    return true;
  }

  /** The reports that are due, which are then removed. */
  take(nowMs: PageMs): readonly DueReport[] {
    const due = this.#scheduled.filter((one) => one.dueAtMs <= nowMs);
    this.#scheduled = this.#scheduled.filter((one) => one.dueAtMs > nowMs);
    return due;
  }

  /** The agent goes on from the last report by itself, so one is due when that would be wrong, or after some time. */
  #isDue(nowMs: PageMs): boolean {
    const sinceMs = nowMs - this.#reportedAtMs;
    if (sinceMs >= REPORT_INTERVAL_MS) return true;
    if (sinceMs < CORRECTION_INTERVAL_MS) return false;
    const movedMs =
      ((this.#heardSamples - this.#reportedSamples) * 1000) / this.#track.sampleRateHz;
    return Math.abs(movedMs - (this.#isMoving ? sinceMs : 0)) > OFF_COURSE_MS;
  }

  /** Whether the first sample has sounded. A better measurement of its instant is reported at once. */
  #hasBegun(nowMs: PageMs): boolean {
    const start = this.#track.start;
    if (!start) return this.#start !== undefined;
    if (this.#start && start.boundMs >= this.#startBoundMs) return true;
    const instant = this.#clock.toPage(start.frame);
    if (!instant || instant.atMs > nowMs) return this.#start !== undefined;
    const errorBoundMs = instant.errorBoundMs + start.boundMs;
    this.#start = { atMs: instant.atMs, errorBoundMs, evidence: start.evidence };
    this.#startBoundMs = start.boundMs;
    this.#reportedAtMs = -NEVER;
    return true;
  }

  /** All that may sound of it has sounded. */
  #end(nowMs: PageMs, atMs: PageMs): void {
    const { lastSample, limitSamples } = this.#track;
    this.#finish(nowMs, lastSample, atMs, limitSamples === lastSample);
  }

  #finish(nowMs: PageMs, samples: number, atMs: PageMs, isCut: boolean): void {
    this.isOver = true;
    const report = this.#playhead(isCut ? 'cut' : 'ended', samples, atMs);
    this.#schedule(report, true, nowMs);
    for (const afterMs of REPEATED_AFTER_MS) this.#schedule(report, false, nowMs + afterMs);
  }

  #schedule(report: Playhead, isReliable: boolean, dueAtMs: number): void {
    this.#scheduled.push({ report, isReliable, dueAtMs });
  }

  #playhead(phase: Playhead['phase'], heardSamples: number, atMs: PageMs): Playhead {
    const start = this.#start as Start;
    return {
      type: 'playhead',
      responseId: this.#track.responseId,
      startedAtMs: start.atMs,
      heardSamples,
      // The clock may have been corrected since the start.
      positionAtMs: Math.max(atMs, start.atMs) as PageMs,
      phase,
      evidence: this.#track.isInDoubt(heardSamples) ? 'estimate' : start.evidence,
      // It must hold for both instants.
      errorBoundMs: start.errorBoundMs + this.#track.driftMsAt(heardSamples),
    };
  }
}
