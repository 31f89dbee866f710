import type { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { type ListeningPort, USUAL_PATH_MS } from '../listeners/listening.ts';
import { FakeSource } from './fake_source.ts';
import { TcpAudioOutput } from './livekit_parts.ts';
import { SAMPLE_RATE_HZ } from './words_tts.ts';

/** The console takes all that it is sent. */
const QUEUE_MS = Number.POSITIVE_INFINITY;

/**
 * LiveKit's own output of console mode, with its real code, and a console that plays what it gets. It says when a segment
 * has been played, and nothing of a start: LiveKit's output takes the first frame for it.
 */
export function consoleOutput({ clock, ear, plan }: ListeningPort): voice.AudioOutput {
  const { pathMs = USUAL_PATH_MS } = plan;
  const source = new FakeSource({
    clock,
    queueMs: QUEUE_MS,
    leaves: (block) => ear.hear(block, clock.nowMs() + pathMs),
  });
  const played = async (): Promise<void> => {
    await source.waitForPlayout();
    clock.schedule(pathMs, () => output.notifyPlayoutFinished());
  };
  const output = new TcpAudioOutput({
    sendMessage: async ({ message }) => {
      if (message.case === 'audioPlaybackFlush') void played();
      if (message.case === 'audioPlaybackClear') source.clearQueue();
    },
  });
  const send = output.captureFrame.bind(output);
  const captureFrame = async (frame: AudioFrame): Promise<void> => {
    await send(frame);
    await source.captureFrame(frame);
  };
  // A change of rate would smear the levels that tell the words apart.
  const resampler = { push: () => [] };
  return Object.assign(output, { captureFrame, sampleRate: SAMPLE_RATE_HZ, resampler });
}
