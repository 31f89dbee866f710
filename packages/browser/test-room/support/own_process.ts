const TICK_MS = 20;

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

/** How long something took, ms, less the time for which the machine did not let this process run. */
export async function ranMs(run: () => Promise<unknown>): Promise<number> {
  const fromMs = performance.now();
  let lateMs = 0;
  let dueMs = fromMs + TICK_MS;
  const timer = setInterval(() => {
    lateMs += Math.max(0, performance.now() - dueMs);
    dueMs = performance.now() + TICK_MS;
  }, TICK_MS);
  await run();
  clearInterval(timer);
  return performance.now() - fromMs - lateMs;
}
