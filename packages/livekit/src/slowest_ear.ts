import type { AgentMs, Evidence, PlayheadReport, ResponseId } from '@oncue/core';

type Name = string | undefined;

/** From the weakest on. */
const EVIDENCE: readonly Evidence[] = ['estimate', 'transport', 'device'];

/**
 * Of several listeners the one that is last counts: a response has started when all of them hear it, and has been heard
 * as far as all of them heard it. One that leaves is not waited for; one that comes later does not take back what was
 * heard.
 */
export class SlowestEar {
  readonly #latest = new Map<Name, Map<ResponseId, PlayheadReport>>();

  join(from: Name): void {
    this.#latest.set(from, new Map());
  }

  /** @returns What can be said of the same response now. */
  take(from: Name, report: PlayheadReport): readonly PlayheadReport[] {
    const own = this.#latest.get(from);
    if (!own) return [];
    own.set(report.responseId, report);
    return this.#merged(report.responseId);
  }

  /** @returns What those who stay have all heard. */
  leave(from: Name): readonly PlayheadReport[] {
    this.#latest.delete(from);
    const ids = new Set([...this.#latest.values()].flatMap((own) => [...own.keys()]));
    return [...ids].flatMap((id) => this.#merged(id));
  }

  /** A response has ended: nothing of it is asked any more. */
  forget(responseId: ResponseId): void {
    for (const own of this.#latest.values()) own.delete(responseId);
  }

  #merged(responseId: ResponseId): readonly PlayheadReport[] {
    const reports: PlayheadReport[] = [];
    for (const own of this.#latest.values()) {
      const report = own.get(responseId);
      // Somebody has not heard any of it.
      if (!report || report.heardSamples === 0) return [];
      reports.push(report);
    }
    const [first, ...rest] = reports;
    return first ? [rest.reduce(slower, first)] : [];
  }
}

function slower(a: PlayheadReport, b: PlayheadReport): PlayheadReport {
  const behind = a.heardSamples <= b.heardSamples ? a : b;
  const startedAtMs = Math.max(a.startedAtMs, b.startedAtMs) as AgentMs;
  return {
    ...behind,
    startedAtMs,
    positionAtMs: Math.max(behind.positionAtMs, startedAtMs) as AgentMs,
    phase: phaseOf(a, b),
    evidence:
      EVIDENCE[Math.min(EVIDENCE.indexOf(a.evidence), EVIDENCE.indexOf(b.evidence))] ?? 'estimate',
    errorBoundMs: Math.max(a.errorBoundMs, b.errorBoundMs),
  };
}

/** While one still plays it plays; at the end the shorter tells what all heard. */
function phaseOf(a: PlayheadReport, b: PlayheadReport): PlayheadReport['phase'] {
  if (a.phase === 'playing' || b.phase === 'playing') return 'playing';
  return a.phase === 'cut' || b.phase === 'cut' ? 'cut' : 'ended';
}
