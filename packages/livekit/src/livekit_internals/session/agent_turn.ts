import type { InternalFact } from '../internal_fact.ts';
import { memberOf } from '../members.ts';

/**
 * The context of the span `agent_turn` to which a speech belongs. LiveKit has no public name for it. Inside the running
 * code, the active span is `llm_node` or `tts_node`, children of the turn.
 */
export const AGENT_TURN: InternalFact = {
  name: 'SpeechHandle._agentTurnContext',
  source: 'voice/speech_handle.ts',
  lost: 'the spans "oncue.response", and "agent_speaking" of the later responses of a turn, are not directly under "agent_turn"',
};

/** Whether a speech has a place for its span, though there is none before its reply begins. */
export function hasAgentTurn(handle: object): boolean {
  return '_agentTurnContext' in handle;
}

/**
 * The span's context, a `Context` of `@opentelemetry/api`; `undefined` before the reply begins. A tool loop gives a speech
 * another one for each step.
 */
export function agentTurnContextOf(handle: object): object | undefined {
  const context = memberOf(handle, '_agentTurnContext');
  return typeof context === 'object' && context !== null ? context : undefined;
}
