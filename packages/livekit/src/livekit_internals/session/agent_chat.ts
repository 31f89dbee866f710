import type { llm, voice } from '@livekit/agents';
import type { InternalFact } from '../internal_fact.ts';
import { memberOf } from '../members.ts';

/** The agent's own part of the conversation. Its public `chatCtx` is a copy that cannot be changed. */
export const AGENT_CHAT: InternalFact = {
  name: 'Agent._chatCtx',
  source: 'voice/agent.ts',
  lost: 'an answer that was not heard at all stays in the next prompt with an empty text',
};

/** Whether a message can be removed from the agent's chat context. */
export function canRemoveMessages(agent: object): boolean {
  return canRemove(memberOf(agent, '_chatCtx'));
}

/** Removes a message that was not heard at all. LiveKit stores none for an answer that was cut so early. */
export function removeMessage(session: voice.AgentSession, message: llm.ChatMessage): void {
  for (const chat of [session.history, memberOf(session.currentAgent, '_chatCtx')])
    if (canRemove(chat) && chat.getById(message.id)) chat.remove(message.id);
}

function canRemove(chat: unknown): chat is llm.ChatContext {
  return (
    typeof memberOf(chat, 'getById') === 'function' &&
    typeof memberOf(chat, 'remove') === 'function'
  );
}
