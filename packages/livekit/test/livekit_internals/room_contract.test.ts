import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { initializeLogger, voice } from '@livekit/agents';
import { AudioFrame, AudioSource, dispose } from '@livekit/rtc-node';
import { afterAll, describe, expect, it } from 'vitest';
import { FakeRoom } from '../support/fake_room.ts';
import { ProbeOutput } from '../support/probe_output.ts';

initializeLogger({ pretty: false, level: 'silent' });

// Internals of @livekit/agents and @livekit/rtc-node that a room listener relies on. `src` names where each is defined.

const agents = dirname(createRequire(import.meta.url).resolve('@livekit/agents'));
const load = async (file: string): Promise<Record<string, never>> =>
  await import(pathToFileURL(join(agents, file)).href);

afterAll(async () => {
  await dispose();
});

describe('[LK8] LiveKit in a room', () => {
  it('[LK8] TranscriptionSynchronizer._impl: the segment, which says whether the first frame starts it', async () => {
    // src: voice/transcription/synchronizer.ts
    const { TranscriptionSynchronizer } = await load('voice/transcription/synchronizer.js');
    const Synchronizer = TranscriptionSynchronizer as unknown as new (
      ...args: unknown[]
    ) => {
      readonly _impl: object;
      readonly audioOutput: { readonly synchronizer: unknown };
      rotateSegment(): void;
      barrier(): Promise<void>;
    };
    const sink = { captureText: async () => {}, flush: () => {}, onAttached: () => {} };

    const synchronizer = new Synchronizer(new ProbeOutput(), sink);
    const first = synchronizer._impl;
    synchronizer.rotateSegment();
    await synchronizer.barrier();

    expect(synchronizer.audioOutput.synchronizer).toBe(synchronizer);
    expect(first).toHaveProperty('seedFromPushAudio', false);
    expect(first).toHaveProperty('sleepIfNotClosed', expect.any(Function));
    expect(first).toHaveProperty('closedFuture.await', expect.any(Promise));
    expect(synchronizer._impl).not.toBe(first);
    expect(synchronizer._impl).toHaveProperty('seedFromPushAudio', true);
  });

  it('[LK8] ParticipantTranscriptionOutput.createTextWriter and .currentId, ParalellTextOutput._sinks: the transcript has that id', async () => {
    // src: voice/room_io/_output.ts
    const { ParticipantTranscriptionOutput } = await load('voice/room_io/_output.js');
    const Output = ParticipantTranscriptionOutput as unknown as new (
      ...args: unknown[]
    ) => { readonly currentId: string; captureText(text: string): Promise<void> };
    const room = new FakeRoom();
    const opened: unknown[] = [];
    Object.assign(room.localParticipant, {
      trackPublications: new Map(),
      streamText: async (options: { attributes: Record<string, string> }) => {
        opened.push(options.attributes['lk.segment_id']);
        return { write: async () => {}, close: async () => {} };
      },
    });

    const output = new Output(room, true, 'agent');
    await output.captureText('hello');

    expect(output).toHaveProperty('createTextWriter', expect.any(Function));
    expect(opened).toEqual([output.currentId]);
  });

  it('[LK8] AgentSession._roomIO, with isParticipantAvailable, linkedParticipant and transcriptionOutput: names the participant to which the session is linked', () => {
    // src: voice/agent_session.ts, voice/room_io/room_io.ts
    const io = voice.RoomIO.prototype;
    for (const name of ['isParticipantAvailable', 'linkedParticipant', 'transcriptionOutput'])
      expect(Object.getOwnPropertyDescriptor(io, name)?.get).toBeInstanceOf(Function);
    expect(new voice.AgentSession({})).toHaveProperty('_roomIO', undefined);
  });

  it('[LK8] a source resolves captureFrame at once only while its queue has room', async () => {
    // src: webrtc-sys/src/audio_track.cpp in livekit/rust-sdks
    const source = new AudioSource(24_000, 1, 200);
    const frame = AudioFrame.create(24_000, 1, 2400);
    await source.captureFrame(frame);
    await source.captureFrame(frame);
    const third = source.captureFrame(frame).then(() => 'answered');
    // This queue is 100 ms too full, so a later capture on a queue with room resolves first.
    const other = new AudioSource(24_000, 1, 200);
    const elsewhere = other.captureFrame(frame).then(() => 'elsewhere');

    expect(await Promise.race([third, elsewhere])).toBe('elsewhere');
    expect(await third).toBe('answered');
    await source.close();
    await other.close();
  });
});
