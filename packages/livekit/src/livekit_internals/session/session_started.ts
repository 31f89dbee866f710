import type { InternalFact } from '../internal_fact.ts';
import { memberOf } from '../members.ts';

/** Whether a session has started. The one public sign, `currentAgent`, is a getter that throws until then. */
export const SESSION_STARTED: InternalFact = {
  name: 'AgentSession._started',
  source: 'voice/agent_session.ts',
  lost: 'attachOncue is not refused after the start of the session, where it gets no audio',
};

/** Whether the session says if it has started. */
export function saysItStarted(session: object): boolean {
  return typeof memberOf(session, '_started') === 'boolean';
}

/** Whether the session has started, as far as it says so. */
export function hasStarted(session: object): boolean {
  return memberOf(session, '_started') === true;
}
