import type { InternalFact } from '../internal_fact.ts';
import { memberOf } from '../members.ts';
import type { Activity } from './running_activity.ts';

/**
 * LiveKit interrupts for the user's voice, his words and the end of his turn in these methods, by the public
 * `SpeechHandle.interrupt()` that applications call too.
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

const wrapped = new WeakMap<Activity, string | undefined>();

/**
 * Has `during` run the methods that interrupt for the user. Once for each run of an agent.
 *
 * @returns The first method that LiveKit does not have.
 */
export function wrapUserInterrupts(
  activity: Activity,
  during: <T>(method: () => T) => T,
): string | undefined {
  if (wrapped.has(activity)) return wrapped.get(activity);
  let lack: string | undefined;
  for (const name of METHODS) {
    const method = memberOf(activity, name);
    if (typeof method !== 'function') lack ??= name;
    else {
      const value = (...args: unknown[]): unknown =>
        during(() => Reflect.apply(method, activity, args));
      Object.defineProperty(activity, name, { value, configurable: true, writable: true });
    }
  }
  wrapped.set(activity, lack);
  return lack;
}
