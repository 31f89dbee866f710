import { warn } from '../warn.ts';
import type { InternalFact } from './internal_fact.ts';

/** The facts that one session lacks. Each is named in one warning, `ONCUE_LIVEKIT_CHANGED`. */
export class MissingFacts {
  readonly #facts = new Set<InternalFact>();

  /**
   * Warns the first time that a fact is found missing.
   *
   * @param member - the member that is not as Oncue knows it, where a fact is about several.
   */
  add(fact: InternalFact, member?: string): void {
    if (this.#facts.has(fact)) return;
    this.#facts.add(fact);
    warn(
      'ONCUE_LIVEKIT_CHANGED',
      `${whatIsMissing(fact, member)} The agent goes on without that.`,
      {
        fact: fact.name,
        ...(member === undefined ? {} : { member }),
      },
    );
  }

  /** @param lack - the member that is missing; `undefined`: none is. @returns Whether the fact holds. */
  check(fact: InternalFact, lack: string | undefined): boolean {
    if (lack !== undefined) this.add(fact, lack);
    return !this.has(fact);
  }

  has(fact: InternalFact): boolean {
    return this.#facts.has(fact);
  }
}

function whatIsMissing({ name, source, lost, or }: InternalFact, member?: string): string {
  const place = member === undefined ? source : `${source}, member ${member}`;
  const changed = `this version of @livekit/agents has no "${name}" (${place}) as Oncue knows it`;
  const why = or === undefined ? `T${changed.slice(1)}` : `Either ${or}, or ${changed}`;
  return `${why}. Without it ${lost}. The versions that docs/versions.md of Oncue lists are tested.`;
}
