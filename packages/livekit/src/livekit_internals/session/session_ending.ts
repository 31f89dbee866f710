import type { voice } from '@livekit/agents';
import type { InternalFact } from '../internal_fact.ts';
import { lackOf, memberOf } from '../members.ts';
import type { Activity } from './running_activity.ts';

/**
 * Says that LiveKit interrupts because the session ends, or goes over to another agent. It does so by the public
 * `SpeechHandle.interrupt()` that applications call too.
 */
export const SESSION_ENDING: InternalFact = {
  name: 'AgentSession._closing and AgentActivity.schedulingPaused',
  source: 'voice/agent_session.ts, voice/agent_activity.ts',
  lost: 'a cut that is not made by session.interrupt() or by the user is reported with cutBy "not_known"',
};

/** The member of a session that is not as Oncue knows it. */
export function lackOfClosing(session: object): string | undefined {
  return lackOf(session, { _closing: 'boolean' });
}

/** The member of a run of an agent that is not as Oncue knows it. */
export function lackOfPausing(activity: Activity): string | undefined {
  return lackOf(activity, { schedulingPaused: 'boolean' });
}

/** What makes LiveKit itself end the speeches of an agent. */
export function endingOf(
  session: voice.AgentSession,
  activity: Activity | undefined,
): 'close' | 'handoff' | undefined {
  if (memberOf(session, '_closing') === true) return 'close';
  return memberOf(activity, 'schedulingPaused') === true ? 'handoff' : undefined;
}
