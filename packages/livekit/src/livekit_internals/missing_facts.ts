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

function whatIsMissing({ name, source, lost }: InternalFact): string {
  return (
    `This version of @livekit/agents has no "${name}" (${source}) as Oncue knows it. Without it ${lost}. ` +
    'Use a version that docs/versions.md of Oncue lists as tested.'
  );
}
