import { EventEmitter } from 'node:events';
import type { ReadableStreamDefaultReader } from 'node:stream/web';
import { type AudioFrame, AudioStream, type LocalAudioTrack, type Room } from '@livekit/rtc-node';
import type { TapRecording } from './recording.ts';

/** Length of the tapped blocks: what the native source gives to its track at a time. */
const BLOCK_MS = 10;

const LISTENER = 'listener';

/**
 * A room without a server: just enough of `Room` for LiveKit's own `RoomIO` to run its stock output, with its
 * native `AudioSource`, for a participant who has subscribed. What the source gives to its track is recorded; in a real
 * room that is what the encoder gets.
 */
class StubRoom extends EventEmitter {
  readonly name = 'bench';
  readonly isConnected = true;
  readonly remoteParticipants = new Map([
    [LISTENER, { identity: LISTENER, info: {}, attributes: {}, trackPublications: new Map() }],
  ]);
  readonly localParticipant: object;

  constructor(onTrack: (track: LocalAudioTrack) => void) {
    super();
    const writer = { write: async () => {}, close: async () => {} };
    this.localParticipant = {
      identity: 'agent',
      trackPublications: new Map(),
      publishTrack: async (track: LocalAudioTrack) => {
        onTrack(track);
        return { waitForSubscription: async () => {} };
      },
      setAttributes: async () => {},
      streamText: async () => writer,
      streamBytes: async () => writer,
    };
  }

  registerTextStreamHandler(): void {}
  unregisterTextStreamHandler(): void {}
  registerByteStreamHandler(): void {}
  unregisterByteStreamHandler(): void {}
}

/** @returns The room, and a function that ends the recording. */
export function roomWithTap(
  recording: TapRecording,
  sampleRateHz: number,
): { readonly room: Room; readonly close: () => Promise<void> } {
  const readers: ReadableStreamDefaultReader<AudioFrame>[] = [];
  const room = new StubRoom((track) => {
    const stream = new AudioStream(track, {
      sampleRate: sampleRateHz,
      numChannels: 1,
      frameSizeMs: BLOCK_MS,
    });
    const reader = stream.getReader();
    readers.push(reader);
    void record(reader, recording);
  });
  return {
    room: room as unknown as Room,
    close: async () => {
      for (const reader of readers) await reader.cancel();
    },
  };
}

async function record(
  reader: ReadableStreamDefaultReader<AudioFrame>,
  recording: TapRecording,
): Promise<void> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done || !value) return;
    recording.add(value.data, performance.now());
  }
}
