import type { voice } from '@livekit/agents';
import type { InternalFact } from '../internal_fact.ts';
import { lackOf, memberOf } from '../members.ts';

/**
 * The run of an agent in a session, which schedules and interrupts its speeches. The second name is used where the
 * first has none.
 */
export const RUNNING_ACTIVITY: InternalFact = {
  name: 'AgentSession.activity, Agent._agentActivity',
  source: 'voice/agent_session.ts, voice/agent.ts',
  lost: 'a cut that is not made by session.interrupt() is reported with cutBy "not_known"',
};

/** A run of an agent. LiveKit does not export its class, `AgentActivity`. */
export type Activity = object;

/** The run that a new speech belongs to. While an agent waits for the end of another, that is still the other's. */
export function activityOf(session: voice.AgentSession): Activity | undefined {
  return (
    objectOf(memberOf(session, 'activity')) ??
    objectOf(memberOf(session.currentAgent, '_agentActivity'))
  );
}

/** Whether a speech is under way in a session. One that does not say counts as speaking. */
export function maySpeak(session: voice.AgentSession): boolean {
  const activity = activityOf(session);
  const isUnknown = lackOf(activity, { currentSpeech: 'any' }) !== undefined;
  return isUnknown || memberOf(activity, 'currentSpeech') !== undefined;
}

/** Whether a speech is under way that was not interrupted. */
export function isSpeechLive(session: voice.AgentSession): boolean {
  const speech = objectOf(memberOf(activityOf(session), 'currentSpeech'));
  return speech !== undefined && memberOf(speech, 'interrupted') !== true;
}

function objectOf(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}
