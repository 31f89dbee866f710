import { voice } from '@livekit/agents';
import type { InternalFact } from '../internal_fact.ts';

/**
 * The handler by which LiveKit's background audio begins and ends its thinking sound. Nothing in a session names it, so
 * only the contract test notices when it changes.
 */
export const THINKING_SOUND: InternalFact = {
  name: 'BackgroundAudioPlayer.onAgentStateChanged',
  source: 'voice/background_audio.ts',
  lost: 'the thinking sound of a BackgroundAudioPlayer is heard over the first 0.2 to 0.4 s of a response in a room',
};

type Handler = (event: voice.AgentStateChangedEvent) => void;

const { AgentStateChanged } = voice.AgentSessionEventTypes;

/** Ends the thinking sound of every `BackgroundAudioPlayer` of the session. The state stays, and no other handler is called. */
export function endThinkingSound(session: voice.AgentSession): void {
  const handlers = session.listeners(AgentStateChanged) as readonly Handler[];
  for (const handler of handlers) {
    if (!isOfPlayer(handler)) continue;
    handler({
      type: AgentStateChanged,
      oldState: 'thinking',
      newState: 'speaking',
      createdAt: Date.now(),
    });
  }
}

/** An arrow function in a field of the player: it has the field's name, and only its code says whose it is. */
function isOfPlayer(handler: Handler): boolean {
  return handler.name === 'onAgentStateChanged' && String(handler).includes('thinkingHandle');
}
