/** The event loop of this process stands still. */
export function block(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

/** The wall clock of this process jumps. @returns Undoes it. */
export function jumpWallClock(byMs: number): () => void {
  const { now } = Date;
  Date.now = () => now() + byMs;
  return () => {
    Date.now = now;
  };
}

/** How long something took, ms. */
export async function tookMs(run: () => Promise<unknown>): Promise<number> {
  const fromMs = performance.now();
  await run();
  return performance.now() - fromMs;
}
