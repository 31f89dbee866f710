import type { AudioFrame, Playhead } from '@oncue/core/wire';
import type { PageMs } from '../../shared/page_clock.ts';
import { MAX_CUT_WAIT_MS } from '../tuning.ts';
import { type FrameClock, PlayedResponse } from './played_response.ts';
import type { RenderLog, Run } from './render_log.ts';

type ResponseId = Playhead['responseId'];

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
  #responses: PlayedResponse[] = [];
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
    return this.#responses.length === 0 && this.#cuts.length === 0;
  }

  /** Whether the next response has samples, and none of them has been rendered. */
  get awaitsStart(): boolean {
    const next = this.#next;
    return next !== undefined && next.receivedSamples > 0 && next.renderedSamples === 0;
  }

  announce(responseId: ResponseId, heardBeforeSamples: number): void {
    if (this.#responses.some(({ at, clearing }) => at.responseId === responseId && clearing === 0))
      return;
    const at = { responseId, heardBeforeSamples, firstPosition: this.#position };
    this.#responses.push(new PlayedResponse(this.#log, this.#clock, at));
  }

  /**
   * Takes a frame.
   *
   * @returns `play` if its samples are to be played, `no` if the response was not announced, `broken` if samples before it are
   * missing, so that the stream is useless.
   */
  receive(frame: Pick<AudioFrame, 'responseId' | 'firstSample' | 'samples'>): Receipt {
    const response = this.#find(frame.responseId);
    if (!response || response.clearing > 0) return 'no';
    const expected = response.at.heardBeforeSamples + response.receivedSamples;
    if (frame.firstSample !== expected || response !== this.#responses.at(-1)) return 'broken';
    response.receivedSamples += frame.samples.length;
    this.#position += frame.samples.length;
    return 'play';
  }

  end(responseId: ResponseId, totalSamples: number): void {
    const response = this.#find(responseId);
    if (response) response.totalSamples = totalSamples;
  }

  /** The worklet was asked to drop what it has. Nothing of that is reported until it answers. */
  beginClear(): void {
    this.#clearsBegun += 1;
    for (const response of this.#responses) {
      if (response.clearing === 0) response.clearing = this.#clearsBegun;
    }
  }

  /** The worklet has answered one `clear`; the log knows what was rendered until then. */
  finishClear(nowMs: PageMs): void {
    this.#clearsFinished += 1;
    const dropped = this.#responses.filter((one) => one.clearing === this.#clearsFinished);
    for (const response of dropped) {
      response.clearing = 0;
      // All of it was rendered, so the `clear` cut nothing, and it ends by itself.
      if (response.isComplete && response.renderedSamples === response.receivedSamples) continue;
      const report = response.cutReport(nowMs);
      const dueAtMs = Math.min(report.positionAtMs, nowMs + MAX_CUT_WAIT_MS);
      this.#cuts.push({ report, dueAtMs });
      this.#drop(response);
    }
  }

  /** Forgets everything that has not been reported, because nobody would receive it. */
  reset(): void {
    this.#responses = [];
    this.#cuts = [];
  }

  /** Whether a run begins inside a response, after a break that nobody asked for. */
  isUnderrun(run: Run): boolean {
    return this.#responses.some(
      ({ at: { firstPosition }, receivedSamples }) =>
        run.firstPosition > firstPosition && run.firstPosition < firstPosition + receivedSamples,
    );
  }

  /** The reports that are due, in order. */
  takeDue(nowMs: PageMs): readonly Playhead[] {
    const due = this.#cuts.filter((cut) => cut.dueAtMs <= nowMs).map((cut) => cut.report);
    this.#cuts = this.#cuts.filter((cut) => cut.dueAtMs > nowMs);
    // Reports of an earlier cut come first: what was announced after it has not sounded before it.
    for (const response of this.#responses) {
      if (response.clearing > 0) continue;
      const isEmpty = response.isComplete && response.receivedSamples === 0;
      const report = isEmpty ? response.emptyReport(nowMs) : response.dueReport(nowMs);
      if (report) due.push(report);
      if (report?.phase !== 'ended' && !isEmpty) break;
      this.#drop(response);
    }
    for (const response of this.#responses) {
      const start = response.startAhead(nowMs);
      if (start) due.push(start);
    }
    return due;
  }

  /** When the next start, end or cut sounds, as far as it has been rendered. */
  get nextDueAtMs(): number | undefined {
    const instants: number[] = this.#cuts.map((cut) => cut.dueAtMs);
    const next = this.#next?.nextInstant;
    if (next) instants.push(next.atMs);
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  /** The playhead when the output plays `contextFrame`. While paused, nothing more is rendered. */
  positionAt(contextFrame: number, isPaused: boolean): LedgerPosition | undefined {
    const position = this.#log.positionAt(contextFrame);
    const response = this.#responses.find(
      ({ at: { firstPosition }, receivedSamples }) =>
        position > firstPosition && position < firstPosition + receivedSamples,
    );
    if (!response) return undefined;
    const { responseId, heardBeforeSamples, firstPosition } = response.at;
    const heardSamples = heardBeforeSamples + position - firstPosition;
    const aheadSamples = isPaused ? response.renderedSamples : response.receivedSamples;
    return { responseId, heardSamples, untilSamples: heardBeforeSamples + aheadSamples };
  }

  /** The first response that no `clear` drops. */
  get #next(): PlayedResponse | undefined {
    return this.#responses.find(({ clearing }) => clearing === 0);
  }

  #find(responseId: ResponseId): PlayedResponse | undefined {
    return this.#responses.findLast(({ at }) => at.responseId === responseId);
  }

  #drop(response: PlayedResponse): void {
    this.#responses = this.#responses.filter((one) => one !== response);
  }
}

/** @see PlayoutLedger.receive */
export type Receipt = 'play' | 'no' | 'broken';
