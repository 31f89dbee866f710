/** Processor time of this process, over all blocks of one side. */
export interface Usage {
  cpuMs: number;
  speechMs: number;
  lastedMs: number;
}

export const usage = (): Usage => ({ cpuMs: 0, speechMs: 0, lastedMs: 0 });

/** Runs something, and adds what this process needed for it. */
export async function measureUsage(used: Usage, run: () => Promise<void>): Promise<void> {
  const before = process.cpuUsage();
  const fromMs = performance.now();
  await run();
  const spent = process.cpuUsage(before);
  used.cpuMs += (spent.user + spent.system) / 1000;
  used.lastedMs += performance.now() - fromMs;
}
