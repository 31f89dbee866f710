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
export const KNOWN: readonly KnownFault[] = [
  {
    issue:
      'A reporter in a room looks for a piece about every 600 ms and reports no error of a position, so it does not notice packets that were lost for less than 1.5 s (docs/limits.md).',
    scenarios: ["room: the listener's network is gone for 400 ms in the middle"],
  },
];

/** Why a scenario is known to fail; `undefined`: it must pass. */
export function knownIssue(scenario: string): string | undefined {
  return KNOWN.find(({ scenarios }) => scenarios.includes(scenario))?.issue;
}
