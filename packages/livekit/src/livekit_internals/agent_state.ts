import type { voice } from '@livekit/agents';
import type { OncueEventOf } from '@oncue/core';
import type { InternalFact } from './internal_fact.ts';

/** The method that changes the agent's state and emits `agent_state_changed`. LiveKit has no public one. */
export const AGENT_STATE: InternalFact = {
  name: 'AgentSession._updateAgentState',
  source: 'voice/agent_session.ts',
  lost: 'queued states are not applied, and the state stays "speaking" from the first response of a turn to its last',
};

interface StateOwner {
  _updateAgentState(state: voice.AgentState): void;
}

/** Whether the session's state can be set. */
export function canSetAgentState(session: object): session is StateOwner {
  return typeof (session as Partial<StateOwner>)._updateAgentState === 'function';
}

/**
 * Applies a queued state, and `speaking` at each response but the first of a turn. For the first one the pipeline does
 * it itself, with its own spans (`tryStartAgentSpeech` in `voice/agent_activity.ts`).
 *
 * Only a live speech may change the state [SQ4]; the pipeline takes over again at the end of the turn.
 */
export function applyAgentState(
  session: object,
  event: OncueEventOf<'agent_state_applied'>,
  of: { readonly handle: voice.SpeechHandle; readonly isFirstStart: boolean },
): void {
  if (of.handle.interrupted || of.handle.done()) return;
  if (event.source === 'playback' && of.isFirstStart) return;
  if (canSetAgentState(session)) session._updateAgentState(event.state);
}
