import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { voice } from '@livekit/agents';

/** What is used of LiveKit's `TranscriptionSynchronizer`. */
export interface Synchronizer {
  readonly audioOutput: voice.AudioOutput;
  readonly textOutput: never;
  readonly _impl: object;
}

// In a room LiveKit puts its TranscriptionSynchronizer between the pipeline and the output (`voice/room_io/room_io.ts`).
// It is not exported; this is how RoomIO builds it.
const { TranscriptionSynchronizer } = (await import(
  pathToFileURL(
    join(
      dirname(createRequire(import.meta.url).resolve('@livekit/agents')),
      'voice/transcription/synchronizer.js',
    ),
  ).href
)) as { TranscriptionSynchronizer: new (audio: voice.AudioOutput, text: unknown) => Synchronizer };

type Show = (chunk: string | voice.TimedString) => void;

/**
 * Puts LiveKit's synchronizer before the output of a session, as a room does.
 *
 * @param to - what gets the captions: a function, or an output of text.
 */
export function synchronize(
  session: voice.AgentSession,
  to: Show | object = () => {},
): Synchronizer {
  const sink = typeof to === 'function' ? sinkOf(to as Show) : to;
  if (!session.output.audio) throw new Error('attachOncue set no output');
  const synchronizer = new TranscriptionSynchronizer(session.output.audio, sink);
  session.output.audio = synchronizer.audioOutput;
  session.output.transcription = synchronizer.textOutput;
  return synchronizer;
}

function sinkOf(show: Show): object {
  return {
    captureText: async (chunk: string | voice.TimedString) => show(chunk),
    flush: () => {},
    onAttached: () => {},
    onDetached: () => {},
  };
}
