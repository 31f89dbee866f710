import { voice } from '@livekit/agents';
import { ScriptedLLM } from '@oncue/embedded';
import type { ReplayTTS } from './replay_tts.ts';

/** A session as an application writes it, but for the model: the agent's `llmNode` answers by itself. */
export function newSession(speaker: ReplayTTS): voice.AgentSession {
  return new voice.AgentSession({
    llm: new ScriptedLLM({ script: () => '' }),
    tts: speaker,
    vad: null,
    useTtsAlignedTranscript: true,
  });
}

/** What the assistant's messages say since the history had `itemCount` items. */
export function messageSince(session: voice.AgentSession, itemCount: number): string {
  return session.history.items
    .slice(itemCount)
    .flatMap((item) =>
      item.type === 'message' && item.role === 'assistant' ? [item.textContent ?? ''] : [],
    )
    .join('');
}
