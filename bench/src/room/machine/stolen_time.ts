import { readFile } from 'node:fs/promises';

/** The kernel counts in hundredths of a second, whatever the rate of its timer (proc_stat(5), USER_HZ). */
const TICK_MS = 10;

/** Field of the first line: how long all virtual processors were ready to run while the host ran others (`steal`). */
const STOLEN_FIELD = 8;

/** @returns A function to call at the end. It gives the share of one processor that was taken; NaN without Linux. */
export async function watchStolenTime(): Promise<() => Promise<number>> {
  const fromMs = performance.now();
  const before = await stolenMs();
  return async () => ((await stolenMs()) - before) / (performance.now() - fromMs);
}

async function stolenMs(): Promise<number> {
  return parseStolenMs(await readFile('/proc/stat', 'utf8').catch(() => ''));
}

/** @param text Of `/proc/stat`. */
export function parseStolenMs(text: string): number {
  return Number(text.split('\n')[0]?.split(/\s+/)[STOLEN_FIELD]) * TICK_MS;
}
