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
      'Audio is switched off in a pause: two more words of the captions are lost than on plain LiveKit.',
    scenarios: ['page: audio off in a pause', 'device: audio off in a pause'],
  },
  {
    issue:
      'A pause before the first sound: the captions run on in the pause. Plain LiveKit loses words of the voice there.',
    scenarios: ['page: paused before the first sound'],
  },
];

/** Why a scenario is known to fail; `undefined`: it must pass. */
export function knownIssue(scenario: string): string | undefined {
  return KNOWN.find(({ scenarios }) => scenarios.includes(scenario))?.issue;
}
