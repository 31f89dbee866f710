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
      'What cannot be known: a participant without a reporter says nothing of his mute or his network, and a reporter hears nothing of packets that were lost for less than 1.5 s.',
    scenarios: [
      "room: the listener's network is gone for 400 ms in the middle",
      "room_without_reporter: the listener's network is gone for 30 s, in which an answer of 8 words is made",
      "room_without_reporter: the listener's network is gone for 400 ms in the middle",
      'room_without_reporter, declares: muted before the question, to the end',
      'room_without_reporter, declares: muted for 500 ms in the middle',
      'room_without_reporter, llm: muted before the question, to the end',
      'room_without_reporter, llm: muted for 500 ms in the middle',
    ],
  },
  {
    issue:
      'A device tells a cut before what was on its way has sounded: the task runs and the response counts as started some ms early.',
    scenarios: [
      'two responses, declares, interrupted after 20 ms',
      'two responses, declares, interrupted after 430 ms',
      'two responses, create, interrupted after 20 ms',
      'two responses, create, interrupted after 430 ms',
      'slow model, declares, word times, interrupted after 333 ms',
      'slow model, declares, word times, interrupted after 950 ms',
      'slow model, create, word times, interrupted after 333 ms',
      'slow model, create, word times, interrupted after 950 ms',
      'a tool after a word, declares, interrupted after 700 ms',
      '120 responses in a turn, interrupted at the hundredth',
      'closed after 60 ms, declares',
      'closed after 460 ms, declares',
      'device, declares: a wrapper makes new frames, interrupted after 640 ms',
      'a fallback voice, declares, interrupted after 450 ms',
    ],
  },
  {
    issue:
      'conversation_item_added comes before the listener has reported where a cut stopped, so handlers get another text than the history.',
    scenarios: ['page, llm: closed after 420 ms', 'room, llm: closed after 420 ms'],
  },
  {
    issue:
      "The state does not follow a pause, a cut or a slow model: a start on its way sets it over LiveKit's own, or an ended stream is noticed late.",
    scenarios: [
      'paused after 40 ms for 300 ms, declares',
      'paused after 40 ms and interrupted 300 ms later, declares',
      'paused after 40 ms for 300 ms, llm',
      'paused after 40 ms and interrupted 300 ms later, llm',
      'paused after 40 ms for 900 ms, declares',
      'paused after 40 ms and interrupted 900 ms later, declares',
      'paused after 40 ms for 900 ms, llm',
      'paused after 40 ms and interrupted 900 ms later, llm',
      'paused after 440 ms for 300 ms, declares',
      'paused after 440 ms and interrupted 300 ms later, declares',
      'paused after 440 ms for 900 ms, declares',
      'paused after 440 ms and interrupted 900 ms later, declares',
      'two responses, avatar, declares, interrupted after 430 ms, then a question',
      'two responses, avatar, create, interrupted after 430 ms, then a question',
      'two responses, avatar, create, interrupted after 740 ms, then a question',
      'two responses, avatar, transcriptionNode, interrupted after 430 ms, then a question',
      'room, llm: paused after 250 ms for 700 ms',
    ],
  },
];

/** Why a scenario is known to fail; `undefined`: it must pass. */
export function knownIssue(scenario: string): string | undefined {
  return KNOWN.find(({ scenarios }) => scenarios.includes(scenario))?.issue;
}
