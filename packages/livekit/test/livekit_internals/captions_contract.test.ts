import { initializeLogger, type voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { beforeEach, expect, it } from 'vitest';
import { lackOf } from '../../src/livekit_internals/members.ts';
import { lackOfSegment } from '../../src/livekit_internals/output/caption_segment.ts';
import {
  makeNextSegment,
  NEXT_CAPTIONS_SHAPE,
} from '../../src/livekit_internals/output/next_captions.ts';
import {
  SYNCED_OUTPUT_SHAPE,
  type SyncedOutput,
} from '../../src/livekit_internals/output/synced_output.ts';
import { showCaptionsAsWritten } from '../../src/livekit_internals/output/written_captions.ts';
import { synchronize } from '../support/captions.ts';
import { ProbeOutput } from '../support/probe_output.ts';

initializeLogger({ pretty: false, level: 'silent' });

// What LiveKit's TranscriptionSynchronizer is made of, without Oncue.

let shown = '';
let output: SyncedOutput & voice.AudioOutput;

beforeEach(async () => {
  shown = '';
  const session = { output: { audio: new ProbeOutput() } } as unknown as voice.AgentSession;
  const { audioOutput } = synchronize(session, (chunk) => {
    shown += typeof chunk === 'string' ? chunk : chunk.text;
  });
  output = audioOutput as typeof output;
  await (output.synchronizer as unknown as { barrier(): Promise<void> }).barrier();
});

it('[LK8] TranscriptionSynchronizer.options, .rotateSegment and ._paused, SyncedAudioOutput.pushedDuration, and the class of their segments: make another segment of captions', async () => {
  const { _impl: before } = output.synchronizer;
  await output.captureFrame(new AudioFrame(new Int16Array(160), 16_000, 1, 160));

  const next = makeNextSegment(output, before);

  expect(lackOf(output, NEXT_CAPTIONS_SHAPE)).toBeUndefined();
  expect(lackOf(output, SYNCED_OUTPUT_SHAPE)).toBeUndefined();
  expect(output.pushedDuration).toBe(0.01);
  expect(lackOfSegment(next)).toBeUndefined();
  expect(next).not.toBe(before);
  expect(output.synchronizer._impl).toBe(before);
});

it('[LK8] TranscriptionSynchronizer._onAttachmentChanged: captions are shown without audio', async () => {
  const { textOutput } = output.synchronizer;
  await textOutput.captureText('alpha ');
  const withAudio = shown;

  expect(showCaptionsAsWritten([output], true)).toBe(true);
  await textOutput.captureText('beta');

  expect([withAudio, shown]).toEqual(['', 'beta']);
});
