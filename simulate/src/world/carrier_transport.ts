import type { PlayheadReport, ResponseId } from '@oncue/core';
import type { ManualClock } from '@oncue/core/testing';
import type { Listener } from './listener.ts';
import { SAMPLES_PER_MS } from './samples.ts';
import { SocketTransport } from './transport.ts';

/** Audio of one response at the output. */
interface Segment {
  readonly id: ResponseId;
  /** The output got some of it. */
  isCaptured: boolean;
  /** It refused some: what it takes after that is somewhere in the response. */
  isBroken: boolean;
  /** The timeline waits for no report of it any more. */
  isOver: boolean;
  /** Samples that it took, and of these those before the first that it refused. */
  given: number;
  taken: number;
}

type Job =
  | { readonly type: 'frame'; readonly segment: Segment; readonly count: number }
  | { readonly type: 'flush'; readonly segment: Segment };

export interface CarrierPort {
  /** The output took nothing of it. */
  readonly untaken: (id: ResponseId) => void;
  /** It was cleared before the output got any of it. */
  readonly uncaptured: (id: ResponseId) => void;
}

/** An output of LiveKit: it gets a response when the one before it is over, and may refuse audio [TE3][TE4]. */
export class CarrierTransport extends SocketTransport {
  refusesUntilMs = 0;
  readonly #port: CarrierPort;
  readonly #segments = new Map<ResponseId, Segment>();
  #jobs: Job[] = [];
  /** The response whose audio was not ended yet. */
  #openId: ResponseId | undefined;

  constructor(clock: ManualClock, port: CarrierPort) {
    super(clock);
    this.#port = port;
  }

  /** The next response ends the one before it, as in `OncueOutput`: a turn may end in the middle of its audio. */
  override announce(id: ResponseId): void {
    if (this.#openId !== undefined) this.end(this.#openId);
    this.#openId = id;
    const taken = { isCaptured: false, isBroken: false, isOver: false, given: 0, taken: 0 };
    this.#segments.set(id, { id, ...taken });
  }

  override write(id: ResponseId, count: number): undefined {
    this.add(id, count, this.clock.nowMs());
    const segment = this.#segments.get(id);
    if (segment) this.#jobs.push({ type: 'frame', segment, count });
    this.#drain();
  }

  override end(id: ResponseId): void {
    if (this.#openId === id) this.#openId = undefined;
    const segment = this.#segments.get(id);
    if (segment) this.#jobs.push({ type: 'flush', segment });
    this.#drain();
  }

  override clear(): void {
    this.#jobs = this.#jobs.filter(({ type }) => type === 'flush');
    for (const listener of this.listeners) listener.receive({ type: 'clear' });
    for (const { id, isCaptured, isOver } of [...this.#segments.values()])
      if (!isCaptured && !isOver) this.#port.uncaptured(id);
    this.#drain();
  }

  /** It refused some of a response, so what it took after that is somewhere in it. */
  isBroken(id: ResponseId): boolean {
    return this.#segments.get(id)?.isBroken === true;
  }

  override hold(isHeld: boolean): void {
    for (const listener of this.listeners) listener.receive({ type: isHeld ? 'pause' : 'resume' });
  }

  override joined(listener: Listener): void {
    this.listeners.add(listener);
  }

  /** Nobody is told when it is gone. */
  override left(): void {}

  override settled(id: ResponseId): void {
    const segment = this.#segments.get(id);
    if (segment) segment.isOver = true;
    this.#drain();
  }

  /** What of a report counts. Of a response of which something was refused, nothing is known after that. */
  countOf(report: PlayheadReport): {
    readonly report: PlayheadReport;
    readonly isGivenUp: boolean;
  } {
    const segment = this.#segments.get(report.responseId);
    if (!segment?.isBroken) return { report, isGivenUp: false };
    const isGivenUp = report.phase === 'ended';
    const heardSamples = Math.min(report.heardSamples, segment.taken);
    const phase = isGivenUp ? 'playing' : report.phase;
    return { report: { ...report, heardSamples, phase }, isGivenUp };
  }

  #drain(): void {
    for (let job = this.#jobs[0]; job && this.#isDue(job); job = this.#jobs[0]) {
      this.#jobs.shift();
      if (job.type === 'frame') this.#capture(job.segment, job.count);
      else this.#flush(job.segment);
    }
  }

  #isDue({ type, segment }: Job): boolean {
    if (type === 'flush') return true;
    return ![...this.#segments.values()].some(
      (one) => one !== segment && one.isCaptured && !one.isOver,
    );
  }

  #capture(segment: Segment, count: number): void {
    if (this.clock.nowMs() < this.refusesUntilMs) {
      segment.isBroken = true;
      segment.isCaptured = segment.taken > 0;
      return;
    }
    const { id, given } = segment;
    const isFirst = given === 0;
    segment.isCaptured = true;
    segment.given += count;
    if (!segment.isBroken) segment.taken += count;
    for (const listener of this.listeners) {
      if (isFirst)
        listener.receive({
          type: 'announce',
          responseId: id,
          sampleRateHz: SAMPLES_PER_MS * 1000,
          heardBeforeSamples: 0,
        });
      listener.audio(id, given, count);
    }
  }

  #flush({ id, isBroken, isCaptured, given }: Segment): void {
    for (const listener of this.listeners)
      listener.receive({ type: 'end', responseId: id, totalSamples: given });
    if (isBroken && !isCaptured) this.#port.untaken(id);
  }
}
