import { voice } from '@livekit/agents';
import { messageOf } from '@oncue/core/internal';
import type { InternalFact } from '../internal_fact.ts';

/**
 * What the default `ttsNode` throws in a session that has no speech synthesis. The error has no type or code of its own,
 * only this text. LiveKit runs the node there too if the session has an audio output, and Oncue sets one.
 */
export const NO_VOICE: InternalFact = {
  name: 'the error "no TTS node" of the default ttsNode',
  source: 'voice/agent.ts',
  lost: 'an agent with a ttsNode of its own, in a session without a voice, is reported to have failed instead of to have shown its text',
};

/** Whether an error says that there is no voice. */
export function saysNoVoice(error: unknown): boolean {
  return messageOf(error).includes('no TTS node');
}

/** Whether an agent leaves its synthesis to LiveKit. Without a voice, this node can only fail for that reason. */
export function isDefaultTtsNode(node: voice.Agent['ttsNode']): boolean {
  return node === voice.Agent.prototype.ttsNode;
}
