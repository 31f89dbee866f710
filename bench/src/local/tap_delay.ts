import { setTimeout as delay } from 'node:timers/promises';
import { AudioFrame, AudioSource, AudioStream, LocalAudioTrack } from '@livekit/rtc-node';
import { type Summary, summarize } from '../shared/stats.ts';

const PROBE_COUNT = 30;
const PROBE_MS = 20;
const PROBE_SAMPLE = 1000;

/**
 * Delay from giving a frame to an empty native source until the tap delivers its first block, in ms.
 *
 * The source gives a block to its track every 10 ms, so the true delays are spread evenly from 0 to 10 ms. The smallest of
 * many measurements is therefore the most that the tap itself can add.
 */
export async function tapDelay(sampleRateHz: number, random: () => number): Promise<Summary> {
  const source = new AudioSource(sampleRateHz, 1, 200);
  const track = LocalAudioTrack.createAudioTrack('probe', source);
  const stream = new AudioStream(track, {
    sampleRate: sampleRateHz,
    numChannels: 1,
    frameSizeMs: 10,
  });
  const reader = stream.getReader();
  let onSound = (_atMs: number): void => {};
  const reading = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !value) return;
      if (value.data[0] === PROBE_SAMPLE) onSound(performance.now());
    }
  })();
  const samples = (PROBE_MS * sampleRateHz) / 1000;
  const delaysMs: number[] = [];
  for (let probe = 0; probe < PROBE_COUNT; probe += 1) {
    await delay(50 + random() * 10);
    const sounded = new Promise<number>((resolve) => {
      onSound = resolve;
    });
    const data = new Int16Array(samples).fill(PROBE_SAMPLE);
    const fromMs = performance.now();
    await source.captureFrame(new AudioFrame(data, sampleRateHz, 1, samples));
    delaysMs.push((await sounded) - fromMs);
  }
  await reader.cancel();
  await reading;
  await source.close();
  return summarize(delaysMs);
}
