import type { AgentMs, Evidence, PlayheadReport, ResponseId } from '@oncue/core';

type Name = string | undefined;

/** Of each listener. A turn has two or three under way, and late reports come of those before. */
const RESPONSES_KEPT = 16;

/** From the weakest on. */
const EVIDENCE: readonly Evidence[] = ['estimate', 'transport', 'device'];

/**
 * Of several listeners the one that is last counts: a response has started when all of them hear it, and has been heard
 * as far as all of them heard it. One that leaves is not waited for; one that comes later does not take back what was
 * heard.
 */
export class SlowestListener {
  readonly #latest = new Map<Name, Map<ResponseId, PlayheadReport>>();

  join(from: Name): void {
    if (!this.#latest.has(from)) this.#latest.set(from, new Map());
  }

  /** @returns What can be said of the same response now. */
  take(from: Name, report: PlayheadReport): readonly PlayheadReport[] {
    const own = this.#latest.get(from);
    if (!own) return [];
    // The newest last, so that the oldest is the first to go.
    own.delete(report.responseId);
    own.set(report.responseId, report);
    for (const oldest of own.keys()) {
      if (own.size <= RESPONSES_KEPT) break;
      own.delete(oldest);
    }
    return this.#merged(report.responseId);
  }

  /** @returns What those who stay have all heard. */
  leave(from: Name): readonly PlayheadReport[] {
    this.#latest.delete(from);
    const ids = new Set([...this.#latest.values()].flatMap((own) => [...own.keys()]));
    return [...ids].flatMap((id) => this.#merged(id));
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
