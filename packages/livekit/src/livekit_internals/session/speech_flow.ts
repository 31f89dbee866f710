import type { voice } from '@livekit/agents';
import type { InternalFact } from '../internal_fact.ts';
import { lackOf, memberOf } from '../members.ts';

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

/** What is needed of each speech. */
const HANDLE = {
  id: 'string',
  interrupted: 'boolean',
  done: 'function',
  interrupt: 'function',
  addDoneCallback: 'function',
} as const;

/** The speech that the event `SpeechCreated` is about. @returns The member that is missing, if it cannot be followed. */
export function createdSpeech(event: unknown): voice.SpeechHandle | string {
  const handle = memberOf(event, 'speechHandle');
  if (handle === undefined) return 'speechHandle';
  return lackOf(handle, HANDLE) ?? (handle as voice.SpeechHandle);
}

/** Whether a speech is over. One that does not say counts as live. Never throws. */
export function isDone(handle: Pick<voice.SpeechHandle, 'done'>): boolean {
  try {
    return handle.done();
  } catch {
    return false;
  }
}

/** Whether the pipeline took a speech up. A speech that does not say counts as taken up. */
export function isScheduled(handle: object): boolean {
  return memberOf(handle, 'scheduled') !== false;
}
