import type { AudioFrame, Playhead } from '@oncue/core/wire';
import type { PageInstant } from '../shared/output_clock.ts';
import type { PageMs } from '../shared/page_clock.ts';
import type { RenderLog, Run } from './render_log.ts';
import {
  MAX_CUT_WAIT_MS,
  REPORT_INTERVAL_MS,
  STANDSTILL_INTERVAL_MS,
  START_TOLERANCE_MS,
} from './tuning.ts';

type ResponseId = Playhead['responseId'];

/** Converts frames of the context's timeline to the page's clock; `undefined` before the first reading of the output. */
export type FrameClock = (contextFrame: number) => PageInstant | undefined;

interface Track {
  readonly responseId: ResponseId;
  readonly heardBeforeSamples: number;
  /** Position in the stream. The track's samples follow it without a gap. */
  readonly firstPosition: number;
  receivedSamples: number;
  totalSamples: number | undefined;
  started: PageInstant | undefined;
  /** The start as it was reported before it sounded. */
  announcedStartMs: number;
  reportedSamples: number;
  reportedAtMs: number;
  /** Number of the unanswered `clear` that drops it; 0 if there is none. */
  clearing: number;
}

interface PendingCut {
  readonly report: Playhead;
  readonly dueAtMs: number;
}

/** Position of the playhead in a response. */
export interface LedgerPosition {
  readonly responseId: ResponseId;
  readonly heardSamples: number;
  /** It moves on by itself up to here. */
  readonly untilSamples: number;
}

/**
 * Which sample of the stream belongs to which response, and which reports are due. Pure: every call passes the instant.
 *
 * A report is due when what it reports has sounded. A start is also reported as soon as its sample is rendered: nothing can stop
 * it any more, and the agent learns of it before it sounds.
 */
export class PlayoutLedger {
  readonly #log: RenderLog;
  readonly #clock: FrameClock;
  #tracks: Track[] = [];
  #cuts: PendingCut[] = [];
  #position = 0;
  #clearsBegun = 0;
  #clearsFinished = 0;

  constructor(log: RenderLog, clock: FrameClock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Whether anything is left to play or to report. */
  get isIdle(): boolean {
    return this.#tracks.length === 0 && this.#cuts.length === 0;
  }

  /** Whether the next response has samples, and none of them has been rendered. */
  get awaitsStart(): boolean {
    const track = this.#tracks.find((one) => one.clearing === 0);
    return track !== undefined && track.receivedSamples > 0 && this.#renderedOf(track) === 0;
  }

  announce(responseId: ResponseId, heardBeforeSamples: number): void {
    if (this.#tracks.some((track) => track.responseId === responseId && track.clearing === 0))
      return;
    this.#tracks.push({
      responseId,
      heardBeforeSamples,
      firstPosition: this.#position,
      receivedSamples: 0,
      totalSamples: undefined,
      started: undefined,
      announcedStartMs: Number.NEGATIVE_INFINITY,
      reportedSamples: -1,
      reportedAtMs: Number.NEGATIVE_INFINITY,
      clearing: 0,
    });
  }

  /**
   * Takes a frame.
   *
   * @returns `play` if its samples are to be played, `no` if the response was not announced, `broken` if samples before it are
   * missing, so that the stream is useless.
   */
  receive(frame: Pick<AudioFrame, 'responseId' | 'firstSample' | 'samples'>): Receipt {
    const track = this.#tracks.findLast((one) => one.responseId === frame.responseId);
    if (!track || track.clearing > 0) return 'no';
    const expected = track.heardBeforeSamples + track.receivedSamples;
    if (frame.firstSample !== expected || track !== this.#tracks.at(-1)) return 'broken';
    track.receivedSamples += frame.samples.length;
    this.#position += frame.samples.length;
    return 'play';
  }

  end(responseId: ResponseId, totalSamples: number): void {
    const track = this.#tracks.findLast((one) => one.responseId === responseId);
    if (track) track.totalSamples = totalSamples;
  }

  /** The worklet was asked to drop what it has. Nothing of that is reported until it answers. */
  beginClear(): void {
    this.#clearsBegun += 1;
    for (const track of this.#tracks) {
      if (track.clearing === 0) track.clearing = this.#clearsBegun;
    }
  }

  /** The worklet has answered one `clear`; the log knows what was rendered until then. */
  finishClear(nowMs: PageMs): void {
    this.#clearsFinished += 1;
    const dropped = this.#tracks.filter((one) => one.clearing === this.#clearsFinished);
    for (const track of dropped) {
      track.clearing = 0;
      // All of it was rendered, so the `clear` cut nothing, and it ends by itself.
      if (this.#isComplete(track) && this.#renderedOf(track) === track.receivedSamples) continue;
      this.#cuts.push(this.#cutOf(track, nowMs));
      this.#tracks = this.#tracks.filter((one) => one !== track);
    }
  }

  /** Forgets everything that has not been reported, because nobody would receive it. */
  reset(): void {
    this.#tracks = [];
    this.#cuts = [];
  }

  /** Whether a run begins inside a response, after a break that nobody asked for. */
  isUnderrun(run: Run): boolean {
    return this.#tracks.some(
      (track) =>
        run.firstPosition > track.firstPosition &&
        run.firstPosition < track.firstPosition + track.receivedSamples,
    );
  }

  /** The reports that are due, in order. */
  takeDue(nowMs: PageMs): readonly Playhead[] {
    const due = this.#cuts.filter((cut) => cut.dueAtMs <= nowMs).map((cut) => cut.report);
    this.#cuts = this.#cuts.filter((cut) => cut.dueAtMs > nowMs);
    // Reports of an earlier cut come first: what was announced after it has not sounded before it.
    for (const track of [...this.#tracks]) {
      if (track.clearing > 0) continue;
      const nothingToPlay = this.#isComplete(track) && track.receivedSamples === 0;
      const report = nothingToPlay ? this.#emptyReport(track, nowMs) : this.#reportOf(track, nowMs);
      if (report) due.push(report);
      if (report?.phase !== 'ended' && !nothingToPlay) break;
      this.#tracks = this.#tracks.filter((one) => one !== track);
    }
    for (const track of this.#tracks) {
      const start = this.#newStartOf(track, nowMs);
      if (!start) continue;
      track.announcedStartMs = start.atMs;
      const atMs = this.#instantAfter(track, 1) ?? start.atMs;
      due.push(this.#playhead(track, 'playing', 1, atMs, start));
    }
    return due;
  }

  /** When the next start, end or cut sounds, as far as it has been rendered. */
  get nextDueAtMs(): number | undefined {
    const instants: number[] = this.#cuts.map((cut) => cut.dueAtMs);
    const track = this.#tracks.find((one) => one.clearing === 0);
    if (track) {
      const nextAt = track.started ? this.#endOf(track) : this.#startOf(track);
      if (nextAt) instants.push(nextAt.atMs);
    }
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  /** The playhead when the output plays `contextFrame`. While paused, nothing more is rendered. */
  positionAt(contextFrame: number, isPaused: boolean): LedgerPosition | undefined {
    const position = this.#log.positionAt(contextFrame);
    const track = this.#tracks.find(
      (one) => position > one.firstPosition && position < one.firstPosition + one.receivedSamples,
    );
    if (!track) return undefined;
    const heardSamples = track.heardBeforeSamples + position - track.firstPosition;
    const aheadSamples = isPaused ? this.#renderedOf(track) : track.receivedSamples;
    const untilSamples = track.heardBeforeSamples + aheadSamples;
    return { responseId: track.responseId, heardSamples, untilSamples };
  }

  /** A start that has not sounded and has not been reported. */
  #newStartOf(track: Track, nowMs: PageMs): PageInstant | undefined {
    if (track.clearing > 0 || track.started) return undefined;
    const start = this.#startOf(track);
    if (!start || start.atMs <= nowMs) return undefined;
    return Math.abs(start.atMs - track.announcedStartMs) < START_TOLERANCE_MS ? undefined : start;
  }

  #reportOf(track: Track, nowMs: PageMs): Playhead | undefined {
    const start = track.started ?? this.#startOf(track);
    if (!start || start.atMs > nowMs) return undefined;
    const end = this.#endOf(track);
    track.started ??= start;
    if (end && end.atMs <= nowMs)
      return this.#playhead(track, 'ended', track.receivedSamples, end.atMs);
    const samples = this.#soundedOf(track, nowMs);
    const sinceMs = nowMs - track.reportedAtMs;
    const moved = samples !== track.reportedSamples;
    if (sinceMs < (moved ? REPORT_INTERVAL_MS : STANDSTILL_INTERVAL_MS)) return undefined;
    track.reportedAtMs = nowMs;
    track.reportedSamples = samples;
    return this.#playhead(track, 'playing', samples, this.#instantAfter(track, samples) ?? nowMs);
  }

  /** The first sample counts as soon as it begins to sound. */
  #soundedOf(track: Track, nowMs: PageMs): number {
    let low = 1;
    let high = this.#renderedOf(track);
    // Of the samples rendered, the last whose end has sounded.
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const at = this.#instantAfter(track, middle);
      if (at !== undefined && at <= nowMs) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #cutOf(track: Track, nowMs: PageMs): PendingCut {
    const samples = this.#renderedOf(track);
    const start = track.started ?? this.#startOf(track);
    if (samples === 0 || !start) {
      track.started = { atMs: nowMs, errorBoundMs: start?.errorBoundMs ?? 0 };
      return { report: this.#playhead(track, 'cut', 0, nowMs), dueAtMs: nowMs };
    }
    track.started = start;
    const atMs = this.#instantAfter(track, samples) ?? nowMs;
    const report = this.#playhead(track, 'cut', samples, atMs);
    return { report, dueAtMs: Math.min(atMs, nowMs + MAX_CUT_WAIT_MS) };
  }

  #playhead(
    track: Track,
    phase: Playhead['phase'],
    samples: number,
    atMs: PageMs,
    start: PageInstant = track.started ?? { atMs, errorBoundMs: 0 },
  ): Playhead {
    return {
      type: 'playhead',
      responseId: track.responseId,
      startedAtMs: start.atMs,
      heardSamples: track.heardBeforeSamples + samples,
      // The clock may have been corrected since the start.
      positionAtMs: atMs > start.atMs ? atMs : start.atMs,
      phase,
      evidence: 'device',
      errorBoundMs: start.errorBoundMs,
    };
  }

  #isComplete(track: Track): boolean {
    return track.totalSamples === track.heardBeforeSamples + track.receivedSamples;
  }

  /** A response without samples: it was heard to its end on an earlier connection, whose last report was lost, or has no audio. */
  #emptyReport(track: Track, nowMs: PageMs): Playhead | undefined {
    return track.totalSamples === 0 ? undefined : this.#playhead(track, 'ended', 0, nowMs);
  }

  #renderedOf(track: Track): number {
    const samples = this.#log.renderedPosition - track.firstPosition;
    return Math.max(0, Math.min(track.receivedSamples, samples));
  }

  #startOf(track: Track): PageInstant | undefined {
    const frame = this.#log.frameOf(track.firstPosition);
    return frame === undefined || track.receivedSamples === 0 ? undefined : this.#clock(frame);
  }

  #endOf(track: Track): PageInstant | undefined {
    if (!this.#isComplete(track) || track.receivedSamples === 0) return undefined;
    const frame = this.#log.frameOf(track.firstPosition + track.receivedSamples - 1);
    return frame === undefined ? undefined : this.#clock(frame + 1);
  }

  /** When the first `samples` of the track have sounded. */
  #instantAfter(track: Track, samples: number): PageMs | undefined {
    const frame = this.#log.frameOf(track.firstPosition + samples - 1);
    return frame === undefined ? undefined : this.#clock(frame + 1)?.atMs;
  }
}

/** @see PlayoutLedger.receive */
export type Receipt = 'play' | 'no' | 'broken';
