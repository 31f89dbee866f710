import type { voice } from '@livekit/agents';
import type { OncueEventOf } from '@oncue/core';
import type { InternalFact } from '../internal_fact.ts';
import { ignoreRejection, memberOf } from '../members.ts';
import { agentTurnContextOf } from './agent_turn.ts';
import { activityOf } from './running_activity.ts';

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

/**
 * What LiveKit tells its recognition of the user when the agent begins and stops speaking. At the end of a speech it does so
 * only if the state is `speaking` then. Nothing in a session names it, so only the contract test notices when it changes.
 */
export const AGENT_SPEECH: InternalFact = {
  name: 'AgentActivity.audioRecognition, restoreInterruptionByAudioActivity, disableVadInterruptionSoon',
  source: 'voice/agent_activity.ts, voice/audio_recognition.ts',
  lost: "after a speech whose listener was gone or did not answer, LiveKit's detection of interruptions and of the end of a turn takes the agent for speaking until its next speech has ended",
};

/**
 * The agent is not heard any more, or is heard again, within a speech. Does what LiveKit does when it pauses and resumes its
 * output.
 *
 * @returns What LiveKit does.
 */
export function setIsHeard(session: voice.AgentSession, isHeard: boolean): unknown {
  if (!canSetAgentState(session)) return undefined;
  const result = session._updateAgentState(isHeard ? 'speaking' : 'listening');
  const activity = activityOf(session);
  const recognition = memberOf(activity, 'audioRecognition');
  call(recognition, isHeard ? 'onStartOfAgentSpeech' : 'onEndOfAgentSpeech', Date.now());
  if (memberOf(activity, 'isInterruptionDetectionEnabled') === true)
    call(activity, isHeard ? 'disableVadInterruptionSoon' : 'restoreInterruptionByAudioActivity');
  return result;
}

function call(target: unknown, name: string, ...args: readonly unknown[]): void {
  const method = memberOf(target, name);
  if (typeof method === 'function') ignoreRejection(Reflect.apply(method, target as object, args));
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
