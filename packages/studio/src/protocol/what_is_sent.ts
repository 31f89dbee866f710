import type { Capability } from './control_messages.ts';

/** What the parts that come from a server send to it, as the beginning of a sentence: "The conversation goes to". */
export function whatIsSent(parts: readonly Capability['part'][]): string {
  const sent = [
    // A model gets all that was said, so the words that a voice speaks are in it.
    ...(parts.includes('llm') ? ['the conversation'] : []),
    ...(parts.includes('tts') && !parts.includes('llm') ? ['what the agent says'] : []),
    ...(parts.includes('stt') ? ['the sound of your voice'] : []),
  ].join(' and ');
  const verb = sent.includes(' and ') ? 'go' : 'goes';
  return `${sent.charAt(0).toUpperCase()}${sent.slice(1)} ${verb} to`;
}
