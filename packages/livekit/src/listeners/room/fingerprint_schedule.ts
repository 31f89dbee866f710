import { type AgentMs, addMs, msToSamples, type ResponseId, samplesToMs } from '@oncue/core';
import { type Fingerprint, speechBandKernel } from '@oncue/core/wire';
import { Fingerprints } from './fingerprints.ts';
import type { Delivery } from './room_packets.ts';

/** From the start of a response; the first two fingerprints lie within it. */
const START_MS = 650;

/** A fingerprint to send, and how. */
export interface DueFingerprint {
  readonly fingerprint: Fingerprint;
  readonly delivery: Delivery;
}

interface Scheduled {
  readonly fingerprints: Fingerprints;
  /** When sample 0 leaves, or would leave. `undefined` before anything of the response was pushed. */
  leavesAtMs: AgentMs | undefined;
}

/** Which fingerprints of which responses are due, and when the audio in them leaves. Reads no clock. */
export class FingerprintSchedule {
  readonly #sampleRateHz: number;
  /** Computed once, since that takes a while. */
  readonly #kernel: Float32Array;
  readonly #scheduled = new Map<ResponseId, Scheduled>();

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
    this.#kernel = speechBandKernel(sampleRateHz);
  }

  /** Samples in memory. */
  get keptSamples(): number {
    return [...this.#scheduled.values()].reduce(
      (sum, one) => sum + one.fingerprints.keptSamples,
      0,
    );
  }

  /** May be called again for the same response. */
  announce(responseId: ResponseId): void {
    if (this.#scheduled.has(responseId)) return;
    const fingerprints = new Fingerprints(responseId, this.#sampleRateHz, this.#kernel);
    this.#scheduled.set(responseId, { fingerprints, leavesAtMs: undefined });
  }

  write(responseId: ResponseId, samples: Int16Array): void {
    this.#scheduled.get(responseId)?.fingerprints.write(samples);
  }

  end(responseId: ResponseId): void {
    this.#scheduled.get(responseId)?.fingerprints.end();
  }

  /** The response's sample `fromSample` leaves at `leavesAtMs`, and all after it without a break. */
  leaves(responseId: ResponseId, fromSample: number, leavesAtMs: AgentMs): void {
    const one = this.#scheduled.get(responseId);
    if (!one) return;
    one.leavesAtMs = addMs(leavesAtMs, samplesToMs(-fromSample, this.#sampleRateHz));
    one.fingerprints.hasLeft(fromSample);
  }

  /** The fingerprints from this sample on become due once more. */
  restartAt(responseId: ResponseId, sample: number): void {
    this.#scheduled.get(responseId)?.fingerprints.restartAt(sample);
  }

  /** Those of the first `pushedSamples` that were not returned yet, as far as there is audio for them. */
  takeDue(responseId: ResponseId, pushedSamples: number): readonly DueFingerprint[] {
    const one = this.#scheduled.get(responseId);
    if (one?.leavesAtMs === undefined) return [];
    const startSamples = msToSamples(START_MS, this.#sampleRateHz);
    return one.fingerprints.take(pushedSamples, one.leavesAtMs).map((fingerprint) => {
      // Between the start and the end the next fingerprint makes up for one that is lost.
      const isOfStart = fingerprint.atSample < startSamples;
      const isNeeded = isOfStart || one.fingerprints.hasTail;
      return { fingerprint, delivery: isNeeded ? 'both' : 'lossy' };
    });
  }

  drop(responseId: ResponseId): void {
    this.#scheduled.delete(responseId);
  }

  clear(): void {
    this.#scheduled.clear();
  }
}
