import { voice } from '@livekit/agents';
import { memberOf } from '../members.ts';

/** What LiveKit emits while it goes from one agent to another, and before an agent speaks. */
const EVENTS = ['AgentStateChanged', 'UserStateChanged', 'ConversationItemAdded'] as const;

/**
 * Tells of each agent that serves in a session, by all the signs that LiveKit gives of it. No single one must be the only
 * one: without it an agent that declares would fail its turns [LK9]. The same agent may be told of many times.
 *
 * @param found - never throws.
 */
export function followAgents(session: object, found: (agent: voice.Agent) => void): void {
  const tell = (agent: unknown): void => {
    if (agent instanceof voice.Agent) found(agent);
  };
  before(session, 'start', (options) => tell(memberOf(options, 'agent')));
  before(session, 'updateAgent', tell);
  const on = memberOf(session, 'on');
  if (typeof on !== 'function') return;
  for (const name of EVENTS)
    Reflect.apply(on, session, [
      voice.AgentSessionEventTypes[name],
      () => tell(memberOf(session, 'currentAgent')),
    ]);
}

/** Calls `tell` before something calls `session.start` or `session.updateAgent`. @param tell - never throws. */
export function before(
  session: object,
  name: 'start' | 'updateAgent',
  tell: (argument: unknown) => void,
): void {
  const method = memberOf(session, name);
  if (typeof method !== 'function') return;
  const value = (...args: unknown[]): unknown => {
    tell(args[0]);
    return Reflect.apply(method, session, args);
  };
  Object.defineProperty(session, name, { value, configurable: true, writable: true });
}
