import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { voice } from '@livekit/agents';
import type { FakeSource } from './fake_source.ts';

/** What RoomIO builds around the outputs of a session (`voice/room_io/room_io.ts`); LiveKit exports neither part. */
export type Synchronizer = new (
  audio: voice.AudioOutput,
  text: unknown,
) => { readonly audioOutput: voice.AudioOutput; readonly textOutput: never };

type RoomOutput = new (
  room: unknown,
  options: {
    readonly sampleRate: number;
    readonly numChannels: number;
    readonly queueSizeMs: number;
  },
) => voice.AudioOutput;

const folder = dirname(createRequire(import.meta.url).resolve('@livekit/agents'));

async function load<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(join(folder, file)).href)) as T;
}

export const { TranscriptionSynchronizer } = await load<{
  TranscriptionSynchronizer: Synchronizer;
}>('voice/transcription/synchronizer.js');

const { ParticipantAudioOutput } = await load<{ ParticipantAudioOutput: RoomOutput }>(
  'voice/room_io/_output.js',
);

/** LiveKit's own room output, with its real code, on a source that the test's clock drives. */
export function stockOutput(
  source: FakeSource,
  sampleRate: number,
  queueSizeMs: number,
): voice.AudioOutput {
  const output = new ParticipantAudioOutput({}, { sampleRate, numChannels: 1, queueSizeMs });
  const inner = output as unknown as {
    audioSource: FakeSource | { close(): Promise<void> };
    readonly startedFuture: { resolve(): void };
  };
  void inner.audioSource.close();
  inner.audioSource = source;
  // Somebody has subscribed.
  inner.startedFuture.resolve();
  return output;
}
