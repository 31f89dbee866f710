import type { voice } from '@livekit/agents';
import { OncueError, type OncueEventOf } from '@oncue/core';

/** The one internal of `AgentSession` that Oncue calls; `test/livekit_internals/livekit_contract.test.ts` watches over it. */
interface StateOwner {
  _updateAgentState(state: voice.AgentState): void;
}

/** @throws OncueError `ONCUE_LIVEKIT_CHANGED` when this version of agents keeps its state otherwise. */
export function assertStateOwner(session: voice.AgentSession): void {
  if (typeof (session as unknown as StateOwner)._updateAgentState === 'function') return;
  throw new OncueError(
    'ONCUE_LIVEKIT_CHANGED',
    'AgentSession._updateAgentState is gone in this version of @livekit/agents; use a version that @oncue/livekit names as its peer',
  );
}

/**
 * Puts the session in the state a turn queued, and in `speaking` at every response but the first: for that one the
 * pipeline does it itself, with its own spans (`tryStartAgentSpeech` in `voice/agent_activity.ts`).
 *
 * Only a live speech may speak for the session [SQ4]; the pipeline takes over again at the end of the turn.
 */
export function applyAgentState(
  session: voice.AgentSession,
  event: OncueEventOf<'agent_state_applied'>,
  of: { readonly handle: voice.SpeechHandle; readonly isFirstStart: boolean },
): void {
  if (of.handle.interrupted || of.handle.done()) return;
  if (event.source === 'playback' && of.isFirstStart) return;
  (session as unknown as StateOwner)._updateAgentState(event.state);
}
