import type { voice } from '@livekit/agents';
import type { InternalFact } from '../internal_fact.ts';

/**
 * LiveKit interrupts for the user's voice, his words and the end of his turn in these methods, by the public
 * `SpeechHandle.interrupt()` that applications call too. `_closing` and `schedulingPaused` say that it interrupts since
 * the session ends, or goes over to another agent.
 */
export const USER_INTERRUPTS: InternalFact = {
  name: 'AgentActivity.interruptByAudioActivity, cancelSpeechPause, userTurnCompleted, onInputSpeechStarted',
  source: 'voice/agent_activity.ts',
  lost: 'a cut that is not made by session.interrupt() is reported with cutBy "not_known"',
};

const METHODS = [
  'interruptByAudioActivity',
  'cancelSpeechPause',
  'userTurnCompleted',
  'onInputSpeechStarted',
] as const;

type Method = (...args: unknown[]) => unknown;

/** A run of an agent in a session. Not exported by LiveKit. */
export type Activity = { schedulingPaused?: boolean } & {
  [name in (typeof METHODS)[number]]?: Method;
};

const wrapped = new WeakSet<object>();

/** The run that a new speech belongs to. While an agent waits for the end of another, that is still the other's. */
export function activityOf(session: voice.AgentSession): Activity | undefined {
  const { activity } = session as unknown as { readonly activity?: Activity };
  const { _agentActivity } = session.currentAgent as unknown as {
    readonly _agentActivity?: Activity;
  };
  return activity ?? _agentActivity;
}

/**
 * Has `during` run the methods that interrupt for the user. Once for each run of an agent.
 *
 * @returns Whether LiveKit has all of them.
 */
export function wrapUserInterrupts(activity: Activity, during: <T>(method: () => T) => T): boolean {
  if (wrapped.has(activity)) return true;
  wrapped.add(activity);
  let hasAll = true;
  for (const name of METHODS) {
    const method = activity[name];
    if (typeof method !== 'function') hasAll = false;
    else activity[name] = (...args) => during(() => method.apply(activity, args));
  }
  return hasAll;
}

/** What makes LiveKit itself end the speeches of an agent. */
export function endingOf(
  session: voice.AgentSession,
  activity: Activity | undefined,
): 'close' | 'handoff' | undefined {
  if ((session as unknown as { readonly _closing?: boolean })._closing) return 'close';
  return activity?.schedulingPaused ? 'handoff' : undefined;
}
