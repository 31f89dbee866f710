import { beforeEach, expect, it } from 'vitest';
import { MonitorRecorder, needsFirefox, startSoundSink } from '../src/index.ts';
import { CLICK_EVERY_MS, instantMs, playClicks } from '../src/sound/clicks.ts';

const RATE_HZ = 48_000;

beforeEach((context) => needsFirefox(context));

it.each([20, 100])(
  'dates what sounds as the playback clock of the server does, with a buffer of %i ms',
  async (bufferMs) => {
    const sink = await startSoundSink();
    const recorder = await MonitorRecorder.start(sink);
    const played = await playClicks(sink.socket, bufferMs);
    const { samples, readings } = recorder.stop();
    await sink.stop();

    const heard = clicksIn(samples).map((ms) => instantMs(readings, ms));
    const errors = heard.map((atMs) =>
      Math.min(...played.map((playedMs) => Math.abs(atMs - playedMs))),
    );
    expect(heard.length).toBe(played.length);
    expect(Math.max(...errors)).toBeLessThan(0.5);
  },
);

/** Places in the recording, ms. */
function clicksIn(samples: Int16Array): number[] {
  return [...samples.keys()]
    .filter((place) => Math.abs(samples[place] ?? 0) > 5000)
    .map((place) => (place * 1000) / RATE_HZ)
    .filter((ms, index, all) => index === 0 || ms - (all[index - 1] ?? 0) > CLICK_EVERY_MS / 2);
}
