import { warn } from '../warn.ts';
import type { InternalFact } from './internal_fact.ts';

/** The facts that one session lacks. Each is named in one warning, `ONCUE_LIVEKIT_CHANGED`. */
export class MissingFacts {
  readonly #facts = new Set<InternalFact>();

  /** Warns the first time that a fact is found missing. */
  add(fact: InternalFact): void {
    if (this.#facts.has(fact)) return;
    this.#facts.add(fact);
    warn('ONCUE_LIVEKIT_CHANGED', `${whatIsMissing(fact)} The agent goes on without that.`, {
      fact: fact.name,
    });
  }

  has(fact: InternalFact): boolean {
    return this.#facts.has(fact);
  }
}

function whatIsMissing({ name, source, lost, or }: InternalFact): string {
  const changed = `this version of @livekit/agents has no "${name}" (${source}) as Oncue knows it`;
  const why = or === undefined ? `T${changed.slice(1)}` : `Either ${or}, or ${changed}`;
  return `${why}. Without it ${lost}. The versions that docs/versions.md of Oncue lists are tested.`;
}
