import { type AgentMs, addMs, type ListenerMs, type ResponseId, samplesToMs } from '@oncue/core';
import type { Playhead } from '@oncue/core/wire';

/** One response in the buffer of a local device: the samples that wait, and how far it was taken. */
export class LocalTrack {
  readonly responseId: ResponseId;
  /** Set when all of its samples were written. */
  totalSamples: number | undefined;
  /** The position of its latest report. */
  reportedAtMs: AgentMs;
  readonly #sampleRateHz: number;
  readonly #chunks: Int16Array[] = [];
  /** How many samples were taken from the first chunk. */
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

  /** Whether samples wait to be played. */
  get hasSamples(): boolean {
    return this.#chunks.length > 0;
  }

  /** Whether a sample was taken. */
  get hasStarted(): boolean {
    return this.#startsAtMs !== undefined;
  }

  /** Whether its last sample was taken. */
  get isOver(): boolean {
    return this.totalSamples !== undefined && this.#takenSamples >= this.totalSamples;
  }

  /** When all samples taken so far have sounded. */
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

  /** The report that its first sample sounds. Only this one sample has sounded by then. */
  startReport(): Playhead {
    return this.#report('playing', 1, this.#startsAtMs ?? this.#endsAtMs);
  }

  /** The report that all samples taken so far have sounded. */
  report(phase: Playhead['phase']): Playhead {
    return this.#report(phase, this.#takenSamples, this.#endsAtMs);
  }

  /** The report that playout was stopped. If nothing was taken, its position is the instant of the stop. */
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
