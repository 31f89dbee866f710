import type { InternalFact } from '../internal_fact.ts';

/**
 * LiveKit emits `SpeechCreated` in the same run of code that then starts the speech's task. What is stored there with
 * `AsyncLocalStorage.enterWith` is found again in every node of the speech, in the output, and where its message and
 * its errors are reported.
 */
export const SPEECH_FLOW: InternalFact = {
  name: 'SpeechCreated in the async context of its speech',
  source: 'voice/agent_activity.ts',
  lost: 'the audio of a turn counts as one response, and what the turn declares is ignored',
};
