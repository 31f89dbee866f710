import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** How much of the processors others have taken from this machine by an instant, all processors together. */
export interface StolenReading {
  readonly atMs: number;
  readonly stolenMs: number;
}

const EVERY_MS = 100;

/** The kernel counts in hundredths of a second, whatever its own clock (proc_stat(5), USER_HZ). */
const TICK_MS = 10;

/** Its eighth number is the time in which a virtual processor wanted to run and the host ran another (`steal`). */
const STOLEN_FIELD = 8;

/** Reads it until told to stop. Without Linux there is nothing to read, and no reading. */
export class StolenTime {
  readonly readings: StolenReading[] = [];
  readonly #running: Promise<void>;
  #stopped = false;

  constructor() {
    this.#running = this.#run();
  }

  async stop(): Promise<readonly StolenReading[]> {
    this.#stopped = true;
    await this.#running;
    return this.readings;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const stolenMs = await readStolenMs();
      if (stolenMs === undefined) return;
      this.readings.push({ atMs: performance.now(), stolenMs });
      await delay(EVERY_MS);
    }
  }
}

async function readStolenMs(): Promise<number | undefined> {
  const text = await readFile('/proc/stat', 'utf8').catch(() => undefined);
  const ticks = Number(text?.split('\n')[0]?.split(/\s+/)[STOLEN_FIELD]);
  return Number.isFinite(ticks) ? ticks * TICK_MS : undefined;
}

/** Of one processor; not a number where it was not read. */
export function stolenShare(readings: readonly StolenReading[] = []): number {
  const [first] = readings;
  const last = readings.at(-1);
  if (!first || !last || first === last) return Number.NaN;
  return (last.stolenMs - first.stolenMs) / (last.atMs - first.atMs);
}
