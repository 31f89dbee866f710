import type { Capability } from '../../src/protocol/control_messages.ts';

/** The names of the parts of an agent. */
export const PART_NAMES: Readonly<Record<Capability['part'], string>> = {
  llm: 'Model',
  tts: 'Voice',
  stt: 'Recognition',
  vad: 'Voice activity',
};
