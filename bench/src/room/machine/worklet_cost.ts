import { openRoomPage } from '@oncue/testbed';
import { median } from '../../shared/stats.ts';
import type { Stage } from '../network_run.ts';

/** What a block of 128 frames takes in a worklet, µs; there are 2667 for it. */
export interface WorkletCost {
  readonly emptyMicros: number;
  readonly idleMicros: number;
  /** Searching for two sounds without pause, as within a response. */
  readonly searchingMicros: number;
}

const SECONDS = 60;
const RUNS = 3;

/** In a page of its own, with nothing else playing. */
export async function measureWorklet({ browser, site }: Stage): Promise<WorkletCost> {
  const page = await openRoomPage({ browser, site });
  const time = async (searches: number | 'empty'): Promise<number> => {
    const runs: number[] = [];
    for (let run = 0; run < RUNS; run += 1)
      runs.push(await page.call<number>('workletCost', { seconds: SECONDS, searches }));
    return median(runs);
  };
  // The first one pays for the compiler.
  await time(2);
  const cost = {
    emptyMicros: await time('empty'),
    idleMicros: await time(0),
    searchingMicros: await time(2),
  };
  await page.close();
  return cost;
}
