import type { KnownSpeech } from './find_speech.ts';

/** Short responses, 0.5 to 1 s each, that begin differently. */
export const SHORT_SENTENCES: readonly string[] = [
  'One moment.',
  'Let me look.',
  'Here it is.',
  'The train is late.',
  'Table for two.',
  'It costs nine euros.',
  'Yes, of course.',
  'All done.',
  'Anything else?',
  'Turn left here.',
  'Your seat is free.',
  'Good to hear.',
];

/** With the space that separates a response from the next one in the chat message. */
export const withSpace = (text: string): string => `${text} `;

/** Those of the known texts that are among the given sentences. */
export function spokenAmong(
  known: readonly KnownSpeech[],
  sentences: readonly string[],
): KnownSpeech[] {
  return known.filter(({ text }) => sentences.includes(text.trim()));
}
