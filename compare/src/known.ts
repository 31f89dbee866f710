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
      'A page with a player plays later what it missed, so Oncue waits up to 3 s for it to begin what is said next. An interruption in this time meets the answer before, which is over, so no speech is marked as interrupted.',
    scenarios: [
      'page: an answer nobody reports the end of, and a tool runs a task that speaks, gone from before on, interrupted',
    ],
  },
  {
    issue:
      'A page with a player plays later what it missed in an outage. Captions follow the estimate meanwhile, and two words are more than 150 ms early.',
    scenarios: [
      'page: an answer nobody reports the end of, and a tool runs a task that speaks, gone in the middle of it, back after a while',
      'page: an answer nobody reports the end of, and a tool that waits runs a task that speaks, gone in the middle of it, back after a while',
    ],
  },
  {
    issue:
      'In a room the state is late by the report of a start, 155 ms for each response. LiveKit is early by as much, but here that falls into the first half second of an outage, which is not judged.',
    scenarios: [
      'room, declares: an answer nobody reports the end of, and sentences that wait, gone in the middle of it, back soon, interrupted',
      'room, llm: an answer nobody reports the end of, and sentences that wait, gone in the middle of it, back soon, interrupted',
    ],
  },
];

/** Why a scenario is known to fail; `undefined`: it must pass. */
export function knownIssue(scenario: string): string | undefined {
  return KNOWN.find(({ scenarios }) => scenarios.includes(scenario))?.issue;
}
