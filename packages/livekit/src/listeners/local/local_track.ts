import { type AgentMs, addMs, type ListenerMs, type ResponseId, samplesToMs } from '@oncue/core';
import type { Playhead } from '@oncue/core/wire';

/** One response in the buffer of a local device: what waits of it, and how far it has sounded. */
export class LocalTrack {
  readonly responseId: ResponseId;
  /** Set when all of its samples have been sent. */
  totalSamples: number | undefined;
  /** When it was last reported on. */
  reportedAtMs: AgentMs;
  readonly #sampleRateHz: number;
  readonly #chunks: Int16Array[] = [];
  /** Samples already taken from the first chunk. */
  #takenOfFirst = 0;
  #takenSamples = 0;
  #startsAtMs: AgentMs | undefined;
  #endsAtMs: AgentMs;

  constructor(responseId: ResponseId, sampleRateHz: number, nowMs: AgentMs) {
    this.responseId = responseId;
    this.#sampleRateHz = sampleRateHz;
    this.reportedAtMs = nowMs;
    this.#endsAtMs = nowMs;
  }

  /** Samples wait to be played. */
  get hasSamples(): boolean {
    return this.#chunks.length > 0;
  }

  /** The card has taken a sample of it. */
  get hasStarted(): boolean {
    return this.#startsAtMs !== undefined;
  }

  /** The card has taken the last of its samples. */
  get isOver(): boolean {
    return this.totalSamples !== undefined && this.#takenSamples >= this.totalSamples;
  }

  /** When the end of what was taken so far has sounded. */
  get endsAtMs(): AgentMs {
    return this.#endsAtMs;
  }

  write(samples: Int16Array): void {
    this.#chunks.push(samples);
  }

  /** Moves as many samples as fit into `free`, whose first sample sounds at `soundsAtMs`. @returns How many it moved. */
  take(free: Int16Array, soundsAtMs: AgentMs): number {
    let filled = 0;
    for (let chunk = this.#chunks[0]; chunk && filled < free.length; chunk = this.#chunks[0]) {
      const part = chunk.subarray(this.#takenOfFirst, this.#takenOfFirst + free.length - filled);
      free.set(part, filled);
      filled += part.length;
      this.#takenOfFirst += part.length;
      if (this.#takenOfFirst < chunk.length) continue;
      this.#chunks.shift();
      this.#takenOfFirst = 0;
    }
    if (filled === 0) return 0;
    this.#startsAtMs ??= soundsAtMs;
    this.#takenSamples += filled;
    this.#endsAtMs = addMs(soundsAtMs, samplesToMs(filled, this.#sampleRateHz));
    return filled;
  }

  /** The report that its first sample sounds. One sample, since that is all that has sounded by then. */
  startReport(): Playhead {
    return this.#report('playing', 1, this.#startsAtMs ?? this.#endsAtMs);
  }

  /** The report that all that was taken has sounded. */
  report(phase: Playhead['phase']): Playhead {
    return this.#report(phase, this.#takenSamples, this.#endsAtMs);
  }

  /** The report that playout was stopped. Of what had not begun by then the instant is that of the stop. */
  cutReport(nowMs: AgentMs): Playhead {
    return this.#report('cut', this.#takenSamples, this.hasStarted ? this.#endsAtMs : nowMs);
  }

  #report(phase: Playhead['phase'], heardSamples: number, atMs: AgentMs): Playhead {
    return {
      type: 'playhead',
      responseId: this.responseId,
      startedAtMs: (this.#startsAtMs ?? atMs) as number as ListenerMs,
      heardSamples,
      positionAtMs: atMs as number as ListenerMs,
      phase,
      evidence: 'device',
      errorBoundMs: samplesToMs(1, this.#sampleRateHz),
    };
  }
}
