import { Studio } from '@oncue/studio';
import type { Browser, Page } from 'playwright-core';
import { newVisitor } from './browser.ts';
import { fetchRecording } from './page_recording.ts';

const FIRST_SOUND_TIMEOUT_MS = 15_000;
const LOOK_INTERVAL_MS = 200;

/**
 * How long each of several first visitors waits: from the click on a scenario of the demo, which also allows the sound, to
 * the first sample that is not silent. Speech is really synthesised.
 */
export async function firstVisits(browser: Browser, count: number): Promise<number[]> {
  const studio = await Studio.start({ port: 0, env: {} });
  try {
    const waitsMs: number[] = [];
    for (let visit = 0; visit < count; visit += 1) {
      await studio.restart();
      const page = await newVisitor(browser);
      await page.goto(studio.url);
      await page.click('button.scenario');
      waitsMs.push(await waitOf(page));
      await page.context().close();
    }
    return waitsMs;
  } finally {
    await studio.close();
  }
}

async function waitOf(page: Page): Promise<number> {
  const endMs = performance.now() + FIRST_SOUND_TIMEOUT_MS;
  while (performance.now() < endMs) {
    await page.waitForTimeout(LOOK_INTERVAL_MS);
    const recordings = await page.evaluate<{ chunkCount: number }[]>('benchRecorder.recordings()');
    if ((recordings.at(-1)?.chunkCount ?? 0) === 0) continue;
    const recording = await fetchRecording(page);
    const first = recording.samples.findIndex((sample) => sample !== 0);
    if (first < 0) continue;
    const clickedAtMs = await page.evaluate<number>(
      'benchRecorder.timeOriginMs() + benchMessages.clickedAtMs()',
    );
    return recording.instantMs(first) - (clickedAtMs - performance.timeOrigin);
  }
  throw new Error('a first visitor heard nothing for 15 s');
}
