import { voice } from '@livekit/agents';
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

/** For which speech the agent's state was set. LiveKit's `AgentStateLease`. */
export const STATE_OWNER: InternalFact = {
  name: 'AgentActivity.activeAgentStateLease',
  source: 'voice/agent_activity.ts',
  lost: 'after an interruption of what nobody was known to hear, the state stays "thinking" until the next speech',
};

/** What is said when the current speech is over: other speeches, or what a task says that begins then. */
export const WAITING_SPEECHES: InternalFact = {
  name: 'AgentActivity.speechQueue, AgentSession.nextActivity',
  source: 'voice/agent_activity.ts, voice/agent_session.ts',
  lost: 'while a page with a player does not answer, what is said next waits for up to 3 s for a response that the page has not begun, and an interruption meets that response',
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

/**
 * Whether something waits to be said until the current speech is over. So does a task: LiveKit lets nobody interrupt the speech
 * whose tool runs it. `false` where LiveKit does not say.
 */
export function isSpeechWaiting(session: voice.AgentSession): boolean {
  const activity = activityOf(session);
  const queue = memberOf(activity, 'speechQueue');
  const toArray = memberOf(queue, 'toArray');
  const waiting: unknown = typeof toArray === 'function' ? Reflect.apply(toArray, queue, []) : [];
  if (Array.isArray(waiting) && waiting.some(isToBeSaid)) return true;
  const isFixed = memberOf(memberOf(activity, 'currentSpeech'), 'allowInterruptions') === false;
  return isFixed && memberOf(session, 'nextActivity') !== undefined;
}

/** LiveKit keeps a speech that was interrupted in its queue until its turn comes. */
function isToBeSaid(entry: unknown): boolean {
  const speech: unknown = Array.isArray(entry) ? entry.at(-1) : undefined;
  return speech instanceof voice.SpeechHandle && !speech.interrupted && !speech.done();
}

/**
 * Whether the agent's state was set for a speech that has been interrupted since, or is done. The next speech sets `thinking`
 * before it is the current one. `false` where LiveKit does not say whose the state is.
 */
export function isStateOfPast(session: voice.AgentSession): boolean {
  const owner = memberOf(memberOf(activityOf(session), 'activeAgentStateLease'), 'speechHandle');
  if (!(owner instanceof voice.SpeechHandle)) return false;
  return owner.interrupted || owner.done();
}

function objectOf(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}
