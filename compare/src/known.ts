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
  {
    issue:
      "LiveKit's output of console mode counts what was played from the first frame it sent; the latency of the console's sound is not in it, and cannot be known (docs/limits.md).",
    scenarios: [
      'console mode, declares, interrupted after 300 ms',
      'console mode, flushes, interrupted after 300 ms',
    ],
  },
  {
    issue:
      'An avatar worker reports what it plays, not when the sound reaches the user, so at each boundary that it reports the state is about 45 ms early, on plain too. On Oncue an agent made by Agent.create can declare two responses; on plain it cannot separate them, and has one boundary less. Where plain has both boundaries (the same scenario, declares), it is 250 ms off and Oncue 220 ms.',
    scenarios: ['two responses, avatar, create, interrupted after 740 ms, then a question'],
  },
];

/** Why a scenario is known to fail; `undefined`: it must pass. */
export function knownIssue(scenario: string): string | undefined {
  return KNOWN.find(({ scenarios }) => scenarios.includes(scenario))?.issue;
}
