import type { voice } from '@livekit/agents';
import type { OncueEventOf } from '@oncue/core';
import type { InternalFact } from '../internal_fact.ts';
import { memberOf } from '../members.ts';
import { agentTurnContextOf } from './agent_turn.ts';

/** The method that changes the agent's state and emits `agent_state_changed`. LiveKit has no public one. */
export const AGENT_STATE: InternalFact = {
  name: 'AgentSession._updateAgentState',
  source: 'voice/agent_session.ts',
  lost: 'queued states are not applied, and the state stays "speaking" from the first response of a turn to its last',
};

interface StateOwner {
  _updateAgentState(
    state: voice.AgentState,
    options?: { readonly startTime: number; readonly otelContext?: unknown },
  ): unknown;
}

/** Whether the session's state can be set. */
export function canSetAgentState<T extends object>(session: T): session is T & StateOwner {
  return typeof memberOf(session, '_updateAgentState') === 'function';
}

/** Sets the session's state, if that can be set. @returns What LiveKit does. */
export function setAgentState(session: object, state: voice.AgentState): unknown {
  return canSetAgentState(session) ? session._updateAgentState(state) : undefined;
}

/**
 * Applies a queued state, and `speaking` at each response but the first of a turn. For the first one the pipeline does
 * it itself, with its own spans (`tryStartAgentSpeech` in `voice/agent_activity.ts`).
 *
 * The span `agent_speaking` then begins with the sound and belongs to the turn, as that of a first response does [OT9].
 * Without these two LiveKit begins it now, under the session.
 *
 * Only a live speech may change the state [SQ4]; the pipeline takes over again at the end of the turn.
 *
 * @returns What LiveKit does.
 */
export function applyAgentState(
  session: object,
  event: OncueEventOf<'agent_state_applied'>,
  of: {
    readonly handle: voice.SpeechHandle;
    readonly isFirstStart: boolean;
    /** When the response began to be heard, in ms since 1970. */
    readonly startedAtEpochMs: number | undefined;
  },
): unknown {
  if (of.handle.interrupted || of.handle.done()) return undefined;
  if (event.source === 'playback' && of.isFirstStart) return undefined;
  if (!canSetAgentState(session)) return undefined;
  const { startedAtEpochMs: startTime } = of;
  if (event.source === 'queue' || startTime === undefined)
    return session._updateAgentState(event.state);
  const otelContext = agentTurnContextOf(of.handle);
  return session._updateAgentState(event.state, { startTime, otelContext });
}
