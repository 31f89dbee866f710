import type { Clear, Fingerprint, Left, Playhead } from '@oncue/core/wire';
import type { PageMs } from '../shared/page_clock.ts';
import type { SearchWindow } from './fingerprint_search.ts';
import type { FrameClock } from './frame_clock.ts';
import { FRAME_RATE_HZ } from './frame_rate.ts';
import { HeardTrack, type Piece, type Place, type Recheck } from './heard_track.ts';
import { type DueReport, TrackReports } from './track_reports.ts';

type ResponseId = Playhead['responseId'];

/** Responses followed at once; an agent has two or three under way. */
const MOST_TRACKS = 32;

/** Ids of responses that are over, so that a late fingerprint does not bring one back. */
const OVER_KEPT = 64;

const CLEARS_KEPT = 8;

/** What was cut before it was found is found within its window, or nothing is known of it. */
const GIVE_UP_CUT_MS = 1500;

/** After its `end` told that all was handed over: what has not been found so long after never will. */
const GIVE_UP_MS = 30_000;

/** After `resume`, sound begins or a piece is found by then, 1.5 s; else it went on after a usual way, 150 ms. */
const RESUMED_WITHIN_FRAMES = 1.5 * FRAME_RATE_HZ;
const RESUMED_BEHIND_FRAMES = 0.15 * FRAME_RATE_HZ;

/** An onset is one behind so much quiet, 80 ms. */
const QUIET_FRAMES = 0.08 * FRAME_RATE_HZ;

/** What has been rendered: for what was not found, and for pauses. */
export interface Rendered {
  readonly frames: number;
  readonly onsetFrame: number;
  readonly loudUntilFrame: number;
}

interface Entry {
  readonly track: HeardTrack;
  readonly reports: TrackReports;
  readonly seq: number;
  readonly sinceMs: PageMs;
  clearedAtMs: PageMs | undefined;
}

/** A piece to look for. */
export interface SearchRequest {
  readonly responseId: ResponseId;
  readonly piece: Piece;
  readonly isInner: boolean;
}

interface NumberedClear extends Pick<Clear, 'left'> {
  readonly seq: number;
}

/**
 * Which responses are under way, and what of them is to be reported when. Pure: every call brings the instant.
 *
 * A response is known by its announcement or its first fingerprint, whichever comes; a late one counts for what a
 * `clear` between them said.
 */
export class ReporterLedger {
  readonly #clock: FrameClock;
  #entries: Entry[] = [];
  #over: ResponseId[] = [];
  #clears: NumberedClear[] = [];
  #rendered: Rendered = { frames: 0, onsetFrame: -1, loudUntilFrame: -1 };
  #isPaused = false;
  /** Without word of what had left: no further than there is sound. */
  #pausedAtFrame: number | undefined;
  #resumedAtFrame = 0;
  /** Where the latest of those that are over began. */
  #begunFrame = 0;
  /** Of responses whose announcement is still on its way. */
  readonly #earlyEnds = new Map<ResponseId, number>();

  constructor(clock: FrameClock) {
    this.#clock = clock;
  }

  get isIdle(): boolean {
    return this.#entries.length === 0;
  }

  /** Forgets everything: the agent's session is another, or nobody is there who would take it. */
  reset(): void {
    this.#entries = [];
    this.#over = [];
    this.#clears = [];
    this.#earlyEnds.clear();
    this.#begunFrame = 0;
    this.#isPaused = false;
    this.#pausedAtFrame = undefined;
  }

  announce(responseId: ResponseId, sampleRateHz: number, seq: number, nowMs: PageMs): void {
    this.#entryOf(responseId, sampleRateHz, seq, nowMs);
  }

  /** @returns The piece to look for; `undefined` when it is known, or will not sound. */
  fingerprint(
    { responseId, sampleRateHz, atSample, leavesAtMs }: Omit<Fingerprint, 'type' | 'sound'>,
    sound: Int8Array,
    seq: number,
    nowMs: PageMs,
  ): SearchRequest | undefined {
    const entry = this.#entryOf(responseId, sampleRateHz, seq, nowMs);
    if (!entry || atSample >= (entry.track.limitSamples ?? Number.POSITIVE_INFINITY))
      return undefined;
    const piece = entry.track.addPiece(atSample, leavesAtMs, sound);
    if (!piece) return undefined;
    return { responseId, piece, isInner: entry.track.start?.evidence === 'device' };
  }

  /** Whether the piece may still sound. */
  isWanted({ responseId, piece }: SearchRequest): boolean {
    return this.#entries.some(
      ({ track, reports }) =>
        track.responseId === responseId && !reports.isOver && track.mayHold(piece),
    );
  }

  /** @returns What is to be compared once more. */
  found({ responseId, piece }: SearchRequest, place: Place): Recheck | undefined {
    return this.#trackOf(responseId)?.found(piece, place);
  }

  /** @param place None: it is nothing like it there. */
  compared({ responseId, piece }: SearchRequest, place: Place | undefined): void {
    this.#trackOf(responseId)?.compared(piece, place);
  }

  /**
   * @param window In which it was looked for.
   * @param expectedFrame Where it should have been, by the one found before; `undefined`: by nothing.
   */
  missed(
    { responseId, piece }: SearchRequest,
    window: SearchWindow,
    expectedFrame: number | undefined,
  ): void {
    const track = this.#trackOf(responseId);
    track?.missed(piece);
    if (!track || track.start) return;
    const back = (piece.atSample * FRAME_RATE_HZ) / track.sampleRateHz;
    const { onsetFrame, loudUntilFrame } = this.#rendered;
    const isNear = onsetFrame >= window.fromFrame - back && onsetFrame <= window.toFrame - back;
    if (isNear && this.#isOwnOnset(track)) track.guess(onsetFrame);
    else if (expectedFrame !== undefined && loudUntilFrame > expectedFrame)
      track.guess(expectedFrame - back);
  }

  /** Sound that began when those before it had begun is theirs no more. */
  #isOwnOnset(track: HeardTrack): boolean {
    const earlier = this.#entries.slice(
      0,
      this.#entries.findIndex((one) => one.track === track),
    );
    const begunBefore = this.#rendered.onsetFrame - QUIET_FRAMES;
    if (this.#begunFrame > begunBefore) return false;
    return earlier.every((one) => {
      const begun = one.track.start?.frame;
      return begun === undefined ? one.reports.isOver : begun < begunBefore;
    });
  }

  end(responseId: ResponseId, totalSamples: number): void {
    const track = this.#trackOf(responseId);
    if (track) track.totalSamples = totalSamples;
    else this.#earlyEnds.set(responseId, totalSamples);
    const [oldest] = this.#earlyEnds.keys();
    if (oldest && this.#earlyEnds.size > MOST_TRACKS) this.#earlyEnds.delete(oldest);
  }

  clear(clear: NumberedClear, nowMs: PageMs): void {
    this.#clears = [...this.#clears, clear].slice(-CLEARS_KEPT);
    this.#isPaused = false;
    this.#pausedAtFrame = undefined;
    const { seq, left } = clear;
    const known = this.#entries.findIndex((one) => one.track.responseId === left?.responseId);
    for (const [index, entry] of [...this.#entries.entries()]) {
      if (entry.seq > seq || (known >= 0 && index < known)) continue;
      if (left && index === known) this.#cut(entry, left.samples, nowMs);
      else if (known >= 0 || !hasLeft(entry.track)) this.#cut(entry, 0, nowMs);
    }
  }

  /** What had left still sounds; nothing follows it. */
  pause(left: Left | undefined): void {
    this.#isPaused = true;
    const index = this.#entries.findIndex((one) => one.track.responseId === left?.responseId);
    if (!left || index < 0) {
      this.#pausedAtFrame ??= this.#rendered.frames;
      return;
    }
    this.#entries[index]?.track.holdBehind(left.samples);
    for (const { track } of this.#entries.slice(index + 1)) track.holdBehind(0);
  }

  resume(): void {
    this.#isPaused = false;
    this.#resumedAtFrame = this.#rendered.frames;
    if (this.#pausedAtFrame === undefined) return;
    const frame = this.#clampToPause(Number.POSITIVE_INFINITY);
    this.#pausedAtFrame = undefined;
    for (const { track, reports } of this.#entries) if (!reports.isOver) track.holdAt(frame);
  }

  rendered(rendered: Rendered): void {
    const isOnset = rendered.onsetFrame > Math.max(this.#rendered.onsetFrame, this.#resumedAtFrame);
    this.#rendered = rendered;
    if (this.#isPaused) return;
    const held = this.#entries.find(({ track, reports }) => track.isHeld && !reports.isOver);
    if (!held) return;
    // Sound after a pause: it goes on. Or it does so without a break.
    if (isOnset) held.track.release(rendered.onsetFrame);
    else if (rendered.frames - this.#resumedAtFrame > RESUMED_WITHIN_FRAMES)
      held.track.release(this.#resumedAtFrame + RESUMED_BEHIND_FRAMES);
  }

  /** The reports that are due, in their order. */
  takeDue(nowMs: PageMs): readonly DueReport[] {
    const due: DueReport[] = [];
    const frame = this.#clock.toFrame(nowMs);
    for (const entry of [...this.#entries]) {
      if (frame !== undefined) entry.reports.follow(nowMs, this.#clampToPause(frame));
      due.push(...entry.reports.take(nowMs));
      if (entry.reports.isDone || this.#isLost(entry, nowMs)) this.#drop(entry);
    }
    this.#settleEarlier(nowMs);
    return due;
  }

  /** While paused, no further than there was sound. */
  #clampToPause(frame: number): number {
    if (this.#pausedAtFrame === undefined) return frame;
    return Math.min(frame, Math.max(this.#rendered.loudUntilFrame, this.#pausedAtFrame));
  }

  #cut(entry: Entry, limitSamples: number, nowMs: PageMs): void {
    entry.clearedAtMs ??= nowMs;
    entry.track.limitSamples ??= limitSamples;
    if (limitSamples === 0) entry.reports.neverHeard(nowMs);
  }

  #entryOf(
    responseId: ResponseId,
    sampleRateHz: number,
    seq: number,
    nowMs: PageMs,
  ): Entry | undefined {
    const known = this.#entries.find((one) => one.track.responseId === responseId);
    if (known || this.#over.includes(responseId)) return known;
    const track = new HeardTrack(responseId, sampleRateHz);
    track.totalSamples = this.#earlyEnds.get(responseId);
    this.#earlyEnds.delete(responseId);
    const reports = new TrackReports(track, this.#clock);
    const entry: Entry = { track, reports, seq, sinceMs: nowMs, clearedAtMs: undefined };
    this.#entries.push(entry);
    this.#entries.sort((one, other) => one.seq - other.seq);
    if (this.#entries.length > MOST_TRACKS) this.#drop(this.#entries[0] as Entry);
    const clear = this.#clears.find((one) => one.seq > seq);
    if (clear) this.#cut(entry, leftOf(clear, responseId), nowMs);
    return entry;
  }

  #trackOf(responseId: ResponseId): HeardTrack | undefined {
    return this.#entries.find((one) => one.track.responseId === responseId)?.track;
  }

  #isLost({ track, reports, clearedAtMs, sinceMs }: Entry, nowMs: PageMs): boolean {
    if (reports.isOver || reports.hasStarted || track.isSought) return false;
    if (track.totalSamples === 0) return true;
    const patience = clearedAtMs === undefined ? GIVE_UP_MS : GIVE_UP_CUT_MS;
    return nowMs - (clearedAtMs ?? sinceMs) > patience;
  }

  /** A later one sounds, so all before it are over, whatever was lost of them. */
  #settleEarlier(nowMs: PageMs): void {
    const latest = this.#entries.findLastIndex(({ reports }) => reports.hasStarted);
    for (const entry of this.#entries.slice(0, Math.max(0, latest)))
      if (!entry.reports.isOver && !entry.reports.overtaken(nowMs)) this.#drop(entry);
  }

  #drop(entry: Entry): void {
    this.#begunFrame = Math.max(this.#begunFrame, entry.track.start?.frame ?? 0);
    this.#entries = this.#entries.filter((one) => one !== entry);
    this.#over = [...this.#over, entry.track.responseId].slice(-OVER_KEPT);
  }
}

/** With nothing of what is cut having left, what is known to sound had left in whole, and is not cut. */
function hasLeft(track: HeardTrack): boolean {
  return track.start !== undefined || (track.totalSamples !== undefined && track.hasPieces);
}

function leftOf({ left }: NumberedClear, responseId: ResponseId): number {
  return left?.responseId === responseId ? left.samples : 0;
}
