/** Scenarios that fail for one reason, until that is repaired. */
export interface KnownFault {
  /** What is wrong, in a sentence. */
  readonly issue: string;
  /** Names of scenarios. */
  readonly scenarios: readonly string[];
}

/**
 * What is known to be wrong in Oncue today. Each scenario named here must fail: the test says so when one passes, and then
 * its name is taken out.
 */
export const KNOWN: readonly KnownFault[] = [];

/** Why a scenario is known to fail; `undefined`: it must pass. */
export function knownIssue(scenario: string): string | undefined {
  return KNOWN.find(({ scenarios }) => scenarios.includes(scenario))?.issue;
}
