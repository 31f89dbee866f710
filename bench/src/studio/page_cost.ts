import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { median } from '../shared/stats.ts';

/** What the page loads, and what its audio costs. */
export interface PageCost {
  readonly scriptGzipBytes: number;
  readonly styleGzipBytes: number;
  /** A block of 128 frames at the highest usual rate, where there is the least time for it. */
  readonly blockMicros: number;
  readonly emptyBlockMicros: number;
  readonly blockBudgetMicros: number;
}

const SCRIPTS = ['main.js', 'player.worker.js', 'player.worklet.js', 'microphone.worklet.js'];
const RATE_HZ = 48_000;
const SECONDS = 120;
const RUNS = 3;

export async function pageCost(page: Page, url: string): Promise<PageCost> {
  let scriptGzipBytes = 0;
  for (const name of SCRIPTS) scriptGzipBytes += await gzipBytes(`${url}assets/${name}`);
  const times = { player: [] as number[], empty: [] as number[] };
  const time = (name: string): Promise<number> =>
    page.evaluate<number>(
      `benchCost.timeProcessor(${JSON.stringify({ name, sampleRateHz: RATE_HZ, seconds: SECONDS })})`,
    );
  // The first one pays for the compiler.
  await time('oncue-player');
  for (let run = 0; run < RUNS; run += 1) {
    times.empty.push(await time('bench-empty'));
    times.player.push(await time('oncue-player'));
  }
  return {
    scriptGzipBytes,
    styleGzipBytes: await gzipBytes(`${url}assets/page.css`),
    blockMicros: median(times.player),
    emptyBlockMicros: median(times.empty),
    blockBudgetMicros: (128 / RATE_HZ) * 1e6,
  };
}

async function gzipBytes(url: string): Promise<number> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return gzipSync(new Uint8Array(await response.arrayBuffer())).length;
}
