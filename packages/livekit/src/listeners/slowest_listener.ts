import type { AgentMs, Evidence, PlayheadReport, ResponseId } from '@oncue/core';

type Name = string | undefined;

/** Responses kept per listener. A turn has two or three at a time; late reports are about earlier ones. */
const RESPONSES_KEPT = 16;

/** From the weakest to the strongest. */
const EVIDENCE: readonly Evidence[] = ['estimate', 'transport', 'device'];

/**
 * Merges the reports of several listeners: a response has started when all of them hear it, and is heard as far as all of them
 * heard it. A listener that leaves is not waited for. One that joins later does not take back what was heard.
 */
export class SlowestListener {
  readonly #latest = new Map<Name, Map<ResponseId, PlayheadReport>>();

  join(from: Name): void {
    if (!this.#latest.has(from)) this.#latest.set(from, new Map());
  }

  /** @returns The merged report of the same response; none while a listener has not heard any of it. */
  take(from: Name, report: PlayheadReport): readonly PlayheadReport[] {
    const own = this.#latest.get(from);
    if (!own) return [];
    // The newest last, so that the oldest is dropped first.
    own.delete(report.responseId);
    own.set(report.responseId, report);
    for (const oldest of own.keys()) {
      if (own.size <= RESPONSES_KEPT) break;
      own.delete(oldest);
    }
    return this.#merged(report.responseId);
  }

  /** @returns Merged reports of the listeners that stay. */
  leave(from: Name): readonly PlayheadReport[] {
    this.#latest.delete(from);
    const ids = new Set([...this.#latest.values()].flatMap((own) => [...own.keys()]));
    return [...ids].flatMap((id) => this.#merged(id));
  }

  #merged(responseId: ResponseId): readonly PlayheadReport[] {
    const reports: PlayheadReport[] = [];
    for (const own of this.#latest.values()) {
      const report = own.get(responseId);
      // This listener has not heard any of it.
      if (!report || report.heardSamples === 0) return [];
      reports.push(report);
    }
    const [first, ...rest] = reports;
    return first ? [rest.reduce(mergeTwo, first)] : [];
  }
}

function mergeTwo(a: PlayheadReport, b: PlayheadReport): PlayheadReport {
  const slower = a.heardSamples <= b.heardSamples ? a : b;
  const startedAtMs = Math.max(a.startedAtMs, b.startedAtMs) as AgentMs;
  return {
    ...slower,
    startedAtMs,
    positionAtMs: Math.max(slower.positionAtMs, startedAtMs) as AgentMs,
    phase: phaseOf(a, b),
    evidence:
      EVIDENCE[Math.min(EVIDENCE.indexOf(a.evidence), EVIDENCE.indexOf(b.evidence))] ?? 'estimate',
    errorBoundMs: Math.max(a.errorBoundMs, b.errorBoundMs),
  };
}

/** It plays while one listener still plays. It is cut if one listener did not hear all of it. */
function phaseOf(a: PlayheadReport, b: PlayheadReport): PlayheadReport['phase'] {
  if (a.phase === 'playing' || b.phase === 'playing') return 'playing';
  return a.phase === 'cut' || b.phase === 'cut' ? 'cut' : 'ended';
}
