import type { Playhead } from '@oncue/core/wire';
import type { PageInstant } from '../../shared/output_clock.ts';
import type { PageMs } from '../../shared/page_clock.ts';
import { LONGEST_LATENCY_MS } from '../../shared/tuning.ts';
import { REPORT_INTERVAL_MS, STANDSTILL_INTERVAL_MS, START_TOLERANCE_MS } from '../tuning.ts';
import type { RenderLog } from './render_log.ts';

/** Converts frames of the context's timeline to the page's clock; `undefined` before the first reading of the output. */
export type FrameClock = (contextFrame: number) => PageInstant | undefined;

/** Where a response stands in the stream. */
export interface Placed {
  readonly responseId: Playhead['responseId'];
  readonly heardBeforeSamples: number;
  /** Position in the stream. The response's samples follow it without a gap. */
  readonly firstPosition: number;
}

/** One response in the stream: when its samples sound, and what is to be reported of it. Pure. */
export class PlayedResponse {
  readonly at: Placed;
  readonly #log: RenderLog;
  readonly #clock: FrameClock;
  receivedSamples = 0;
  totalSamples: number | undefined;
  /** Number of the unanswered `clear` that drops it; 0 if there is none. */
  clearing = 0;
  #started: PageInstant | undefined;
  /** The start as it was reported before it sounded. */
  #announcedStartMs = Number.NEGATIVE_INFINITY;
  #reportedSamples = -1;
  #reportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(log: RenderLog, clock: FrameClock, at: Placed) {
    this.#log = log;
    this.#clock = clock;
    this.at = at;
  }

  /** All of its audio has come. */
  get isComplete(): boolean {
    return this.totalSamples === this.at.heardBeforeSamples + this.receivedSamples;
  }

  get renderedSamples(): number {
    const samples = this.#log.renderedPosition - this.at.firstPosition;
    return Math.max(0, Math.min(this.receivedSamples, samples));
  }

  /** When its next start or end sounds, as far as that has been rendered. */
  get nextInstant(): PageInstant | undefined {
    return this.#started ? this.#end : this.#start;
  }

  /** The report of a start that has not sounded, unless it was reported already. */
  startAhead(nowMs: PageMs): Playhead | undefined {
    if (this.clearing > 0 || this.#started) return undefined;
    const start = this.#start;
    if (!start || start.atMs <= nowMs) return undefined;
    if (Math.abs(start.atMs - this.#announcedStartMs) < START_TOLERANCE_MS) return undefined;
    this.#announcedStartMs = start.atMs;
    return this.#playhead('playing', 1, this.#after(1)?.atMs ?? start.atMs, start);
  }

  /** What is to be reported now of what has sounded. */
  dueReport(nowMs: PageMs): Playhead | undefined {
    const start = this.#started ?? this.#start;
    if (!start || start.atMs > nowMs) return undefined;
    const end = this.#end;
    this.#started = this.#better(start, nowMs);
    if (end && end.atMs <= nowMs) return this.#playhead('ended', this.receivedSamples, end.atMs);
    const samples = this.#soundedSamples(nowMs);
    const sinceMs = nowMs - this.#reportedAtMs;
    const moved = samples !== this.#reportedSamples;
    if (sinceMs < (moved ? REPORT_INTERVAL_MS : STANDSTILL_INTERVAL_MS)) return undefined;
    this.#reportedAtMs = nowMs;
    this.#reportedSamples = samples;
    return this.#playhead('playing', samples, this.#after(samples)?.atMs ?? nowMs);
  }

  /** Its last report, after a `clear`. What was rendered still sounds. */
  cutReport(nowMs: PageMs): Playhead {
    const samples = this.renderedSamples;
    // While nobody knows when it sounds, it was rendered, so it begins within the latency of the device.
    const start = this.#started ?? this.#start ?? { atMs: nowMs, errorBoundMs: LONGEST_LATENCY_MS };
    if (samples === 0) {
      this.#started = { atMs: nowMs, errorBoundMs: start.errorBoundMs };
      return this.#playhead('cut', 0, nowMs);
    }
    this.#started = start;
    return this.#playhead('cut', samples, this.#after(samples)?.atMs ?? nowMs);
  }

  /** A response without samples: it was heard to its end on an earlier connection, whose last report was lost, or has no audio. */
  emptyReport(nowMs: PageMs): Playhead | undefined {
    return this.totalSamples === 0 ? undefined : this.#playhead('ended', 0, nowMs);
  }

  #playhead(
    phase: Playhead['phase'],
    samples: number,
    atMs: PageMs,
    start: PageInstant = this.#started ?? { atMs, errorBoundMs: 0 },
  ): Playhead {
    return {
      type: 'playhead',
      responseId: this.at.responseId,
      startedAtMs: start.atMs,
      heardSamples: this.at.heardBeforeSamples + samples,
      // The clock may have been corrected since the start.
      positionAtMs: Math.max(atMs, start.atMs) as PageMs,
      phase,
      evidence: 'device',
      errorBoundMs: start.errorBoundMs,
    };
  }

  /** The first sample counts as soon as it begins to sound. */
  #soundedSamples(nowMs: PageMs): number {
    let low = 1;
    let high = this.renderedSamples;
    // Of the samples rendered, the last whose end has sounded.
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const at = this.#after(middle);
      if (at && at.atMs <= nowMs) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The start by the clock of now, if that is known twice as well: the first readings of an output may be far off. */
  #better(start: PageInstant, nowMs: PageMs): PageInstant {
    const now = this.#start;
    if (!now || now.atMs > nowMs || 2 * now.errorBoundMs > start.errorBoundMs) return start;
    this.#reportedAtMs = Number.NEGATIVE_INFINITY;
    return now;
  }

  get #start(): PageInstant | undefined {
    const frame = this.#log.frameOf(this.at.firstPosition);
    return frame === undefined || this.receivedSamples === 0 ? undefined : this.#clock(frame);
  }

  get #end(): PageInstant | undefined {
    if (!this.isComplete || this.receivedSamples === 0) return undefined;
    return this.#after(this.receivedSamples);
  }

  /** When the first `samples` of it have sounded. */
  #after(samples: number): PageInstant | undefined {
    const frame = this.#log.frameOf(this.at.firstPosition + samples - 1);
    return frame === undefined ? undefined : this.#clock(frame + 1);
  }
}
