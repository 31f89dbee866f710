import type { Fingerprint, Left, Playhead } from '@oncue/core/wire';
import type { PageMs } from '../shared/page_clock.ts';
import type { FrameClock } from './frame_clock.ts';
import { FRAME_RATE_HZ, FRAMES_PER_MS } from './frame_rate.ts';
import type { HeardPosition } from './heard_position.ts';
import { PauseTracker } from './pause_tracker.ts';
import { HeardTrack } from './response/heard_track.ts';
import type { Piece } from './response/piece.ts';
import type { Rendered } from './response/rendered.ts';
import { type DueReport, TrackReports } from './response/track_reports.ts';
import type { SearchWindow } from './search_windows.ts';
import {
  CLEARS_KEPT,
  EARLY_ONSET_MS,
  EXPECTED_BOUND_MS,
  GIVE_UP_CUT_MS,
  GIVE_UP_MS,
  LATE_ONSET_MS,
  LONGEST_UNKNOWN_MS,
  MOST_TRACKS,
  ONSET_BOUND_MS,
  OVER_KEPT,
  QUIET_MS,
  QUIET_WORD_MS,
} from './tuning.ts';

type ResponseId = Playhead['responseId'];

interface Entry {
  readonly track: HeardTrack;
  readonly reports: TrackReports;
  /** Of the first message of the agent about it. */
  seq: number;
  readonly sinceMs: PageMs;
  clearedAtMs?: PageMs;
}

/** A piece to search for. */
export interface SearchRequest {
  readonly track: HeardTrack;
  readonly piece: Piece;
}

export type NumberedFingerprint = Fingerprint & { readonly seq: number };

interface NumberedClear {
  readonly seq: number;
  readonly left: Left | undefined;
}

/**
 * Which responses are under way, and which reports about them are due. Pure: every call passes the instant.
 *
 * A response becomes known by its announcement or by its first fingerprint, whichever arrives first. If it becomes known
 * after a later `clear` has arrived, that `clear` still applies to it.
 */
export class ReporterLedger {
  readonly #clock: FrameClock;
  readonly #pauses = new PauseTracker();
  /** In the order in which they play. */
  #entries: Entry[] = [];
  #over: ResponseId[] = [];
  #clears: NumberedClear[] = [];
  /** Latest frame at which a response that is over ended. */
  #overFrame = 0;
  /** Total samples of responses whose announcement has not arrived yet. */
  readonly #earlyEnds = new Map<ResponseId, number>();

  constructor(clock: FrameClock) {
    this.#clock = clock;
  }

  /** Forgets everything: the agent has begun a new session, or nobody receives the reports any more. */
  reset(): void {
    this.#entries = [];
    this.#over = [];
    this.#clears = [];
    this.#earlyEnds.clear();
    this.#overFrame = 0;
    this.#pauses.forget();
  }

  /** A response becomes known, or is known already. @returns `undefined` for a response that is over. */
  announce(
    responseId: ResponseId,
    sampleRateHz: number,
    seq: number,
    nowMs: PageMs,
  ): Entry | undefined {
    const known = this.#find(responseId);
    if (known) {
      known.seq = Math.min(known.seq, seq);
      this.#sort();
    }
    if (known || this.#over.includes(responseId)) return known;
    const track = new HeardTrack(responseId, sampleRateHz);
    track.totalSamples = this.#earlyEnds.get(responseId);
    this.#earlyEnds.delete(responseId);
    const reports = new TrackReports(track, this.#clock);
    const entry: Entry = { track, reports, seq, sinceMs: nowMs };
    this.#entries.push(entry);
    this.#sort();
    if (this.#entries.length > MOST_TRACKS) this.#drop(this.#entries[0] as Entry);
    const clear = this.#clears.find((one) => one.seq > seq);
    if (clear) this.#apply(clear, entry, nowMs);
    return entry;
  }

  /** @returns The piece to search for; `undefined` when it is known already, or will not sound. */
  fingerprint(
    { responseId, sampleRateHz, atSample, leavesAtMs, seq }: NumberedFingerprint,
    sound: Int8Array,
    nowMs: PageMs,
  ): SearchRequest | undefined {
    const entry = this.announce(responseId, sampleRateHz, seq, nowMs);
    if (!entry || atSample >= entry.track.lastSample) return undefined;
    const { track } = entry;
    const { frames } = this.#pauses.rendered;
    const piece = track.addPiece(atSample, leavesAtMs, sound, frames);
    return piece && { track, piece };
  }

  /** Whether the piece may still sound. */
  isWanted({ track, piece }: SearchRequest): boolean {
    return this.#open.includes(track) && track.isExpected(piece);
  }

  /**
   * A piece was not found. Without any other piece, the start is estimated from an onset in the window or before it, else from
   * the expected place, if there was sound.
   *
   * @param window The window that was searched.
   * @param expectedFrame Where the piece was expected after the last one found; `undefined` if none was found.
   */
  missed(
    { track, piece }: SearchRequest,
    window: SearchWindow,
    expectedFrame: number | undefined,
  ): void {
    track.missed(piece);
    if (track.start) return;
    const back = (piece.atSample * FRAME_RATE_HZ) / track.sampleRateHz;
    const { frames, onsetFrame, loudUntilFrame } = this.#pauses.rendered;
    const isNear = onsetFrame >= window.fromFrame - back && onsetFrame <= window.toFrame - back;
    const isOwn = this.#isOwnOnset(track);
    if (isNear && isOwn) track.guess(onsetFrame, ONSET_BOUND_MS);
    else if (
      expectedFrame !== undefined &&
      loudUntilFrame > expectedFrame &&
      // What sounds much later says nothing of it: the message may have waited for a network that was away.
      frames - expectedFrame < LONGEST_UNKNOWN_MS * FRAMES_PER_MS
    ) {
      const startFrame = expectedFrame - back;
      // Sound of no other response that began before the window: the jitter buffer may have shrunk.
      const earlyFrames = isOwn ? Math.max(0, startFrame - onsetFrame) : 0;
      track.guess(startFrame - earlyFrames, EXPECTED_BOUND_MS + earlyFrames / FRAMES_PER_MS);
    }
  }

  /** Whether the latest onset belongs to this track: every other response had begun before it, and is not sounding there. */
  #isOwnOnset(track: HeardTrack): boolean {
    const { onsetFrame } = this.#pauses.rendered;
    const endedBefore = onsetFrame + ONSET_BOUND_MS * FRAMES_PER_MS;
    for (const { track: other, reports } of this.#entries) {
      // Of a later one that has begun as well, the onset may be the latest.
      if (other === track) continue;
      const begun = other.start?.frame;
      if (
        begun === undefined
          ? !reports.isOver
          : begun >= onsetFrame - QUIET_MS * FRAMES_PER_MS || endFrame(other) > endedBefore
      )
        return false;
    }
    return this.#overFrame <= endedBefore;
  }

  end(responseId: ResponseId, totalSamples: number): void {
    const known = this.#find(responseId);
    if (known) known.track.totalSamples = totalSamples;
    else this.#earlyEnds.set(responseId, totalSamples);
    const [oldest] = this.#earlyEnds.keys();
    if (oldest && this.#earlyEnds.size > MOST_TRACKS) this.#earlyEnds.delete(oldest);
  }

  /** @param left What had been sent; nothing of later responses was. */
  clear(seq: number, left: Left | undefined, nowMs: PageMs): void {
    const clear = { seq, left };
    this.#clears = [...this.#clears, clear].slice(-CLEARS_KEPT);
    this.#pauses.forget();
    for (const entry of this.#entries) this.#apply(clear, entry, nowMs);
  }

  pause(left: Left | undefined): void {
    this.#pauses.pause(
      this.#entries.map(({ track }) => track),
      left,
    );
  }

  resume(): void {
    this.#pauses.resume(this.#open);
  }

  rendered(rendered: Rendered): void {
    this.#pauses.render(rendered, this.#open);
  }

  /** The reports that are due, in order. */
  takeDue(nowMs: PageMs): readonly DueReport[] {
    const due: DueReport[] = [];
    const knownMs = this.#knownMs(nowMs);
    const frame = this.#clock.toFrame(knownMs);
    // `#drop` makes a new array, so this loop sees each entry once.
    for (const entry of this.#entries) {
      if (frame !== undefined)
        entry.reports.follow(knownMs, this.#pauses.clampToPause(frame), this.#pauses.rendered);
      due.push(...entry.reports.take(nowMs));
      if (entry.reports.isDone || this.#isLost(entry, nowMs)) this.#drop(entry);
    }
    this.#settleEarlier(nowMs);
    return due;
  }

  /** How far the response that sounds at this instant has come. Where the sound or the packets stop, so does the playhead. */
  playhead(nowMs: PageMs): HeardPosition | undefined {
    const frame = this.#clock.toFrame(this.#knownMs(nowMs));
    if (frame === undefined) return undefined;
    const open = this.#entries.filter(({ reports }) => !reports.isOver);
    const entry =
      open.findLast(({ reports }) => reports.startedAtMs) ??
      open.find(({ track }) => this.#isHeard(track, frame));
    if (!entry) return undefined;
    const { responseId, sampleRateHz } = entry.track;
    const audibleFrame = this.#pauses.clampToPause(frame);
    if (!entry.track.isKnownAt(audibleFrame)) return undefined;
    const { loudUntilFrame, packets } = this.#pauses.rendered;
    const quietFrame = loudUntilFrame + QUIET_WORD_MS * FRAMES_PER_MS;
    const heardSamples = entry.track.samplesAt(Math.min(audibleFrame, quietFrame), packets);
    return {
      responseId,
      heardSamples,
      heardMs: (heardSamples * 1000) / sampleRateHz,
      sampleRateHz,
    };
  }

  /**
   * Whether a response is heard although none of its pieces has been found yet. It is, if there is sound where the first
   * piece is expected, and that sound did not begin so much later that it must be something else.
   */
  #isHeard(track: HeardTrack, frame: number): boolean {
    const { soundFrame, limitSamples } = track;
    if (soundFrame === undefined || soundFrame > frame || limitSamples === 0) return false;
    const { onsetFrame, loudUntilFrame } = this.#pauses.rendered;
    if (loudUntilFrame <= soundFrame || onsetFrame > soundFrame + LATE_ONSET_MS * FRAMES_PER_MS)
      return false;
    // It was longer on its way than audio before it: where the sound begins, so does its first piece, roughly.
    track.expect(onsetFrame - EARLY_ONSET_MS * FRAMES_PER_MS);
    return true;
  }

  /**
   * The latest instant at which the page knows what has sounded: `nowMs`, or the end of what the last mail said was rendered
   * if that is earlier. After a standstill the page is called before it reads the messages that have arrived meanwhile, and
   * one of them may be a `clear` [RP22].
   */
  #knownMs(nowMs: PageMs): PageMs {
    const renderedMs = this.#clock.toPage(this.#pauses.rendered.frames)?.atMs ?? nowMs;
    return Math.min(nowMs, renderedMs) as PageMs;
  }

  /** Tracks whose last report is not known yet. */
  get #open(): HeardTrack[] {
    return this.#entries.filter(({ reports }) => !reports.isOver).map(({ track }) => track);
  }

  /** Cuts a response that became known before the clear, where it says. What plays before the response that it names had left. */
  #apply({ seq, left }: NumberedClear, entry: Entry, nowMs: PageMs): void {
    const { track, reports } = entry;
    const named = left && this.#find(left.responseId);
    const hadLeft = named ? named.seq > entry.seq : wasSent(track);
    if (entry.seq > seq || hadLeft) return;
    const samples = left && named === entry ? left.samples : 0;
    entry.clearedAtMs ??= nowMs;
    track.limitSamples ??= samples;
    if (samples === 0) reports.neverHeard(nowMs);
  }

  #sort(): void {
    this.#entries.sort((one, other) => one.seq - other.seq);
  }

  #find(responseId: ResponseId): Entry | undefined {
    return this.#entries.find((one) => one.track.responseId === responseId);
  }

  #isLost({ track, reports, clearedAtMs, sinceMs }: Entry, nowMs: PageMs): boolean {
    if (reports.isOver || reports.startedAtMs || track.isSought) return false;
    if (track.totalSamples === 0) return true;
    const patienceMs = clearedAtMs === undefined ? GIVE_UP_MS : GIVE_UP_CUT_MS;
    return nowMs - (clearedAtMs ?? sinceMs) > patienceMs;
  }

  /** When a response sounds, all earlier ones are over, even if their reports are incomplete. */
  #settleEarlier(nowMs: PageMs): void {
    // One that was cut before any of it left has a last report too, and ends nothing.
    const latest = this.#entries.findLastIndex(
      ({ track, reports }) => reports.startedAtMs && track.limitSamples !== 0,
    );
    const begunAtMs = this.#entries[latest]?.reports.startedAtMs ?? nowMs;
    const { rendered } = this.#pauses;
    for (const entry of this.#entries.slice(0, Math.max(0, latest)))
      if (!entry.reports.isOver && !entry.reports.overtaken(nowMs, begunAtMs, rendered))
        this.#drop(entry);
  }

  #drop(entry: Entry): void {
    this.#overFrame = Math.max(this.#overFrame, endFrame(entry.track));
    this.#entries = this.#entries.filter((one) => one !== entry);
    this.#over = [...this.#over, entry.track.responseId].slice(-OVER_KEPT);
  }
}

/** For a `clear` that reports nothing as sent: a response that sounds had then been sent completely, and is not cut. */
function wasSent(track: HeardTrack): boolean {
  return track.start !== undefined || (track.totalSamples !== undefined && track.hasPieces);
}

/** The frame at which a response has ended; its start if the end is not known, and 0 if neither is. */
function endFrame(track: HeardTrack): number {
  return track.frameAfter(track.lastSample) ?? track.frameAfter(0) ?? 0;
}
