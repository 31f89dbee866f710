import type { voice } from '@livekit/agents';
import { type AttachOptions, attachOncue } from '@oncue/livekit';
import type { ListeningPort } from './listening.ts';

/** Attaches Oncue to the session. @returns The output that it set. */
export function attachedOutput(
  { session, onEvent }: ListeningPort,
  options: AttachOptions,
): voice.AudioOutput {
  const oncue = attachOncue(session, options);
  oncue.onAny(onEvent);
  if (!session.output.audio) throw new Error('attachOncue set no output');
  return session.output.audio;
}
