/**
 * Where this package gets its time from.
 *
 * Has the shape of `@oncue/core`'s `Clock`, so that one manual clock drives both in a test.
 */
export interface Clock {
  /** Milliseconds on a monotonic clock. Its zero means nothing; only differences do. */
  nowMs(): number;
  /**
   * Runs `run` once, `delayMs` from now.
   *
   * @returns A function that cancels it; calling it later, or again, does nothing.
   */
  schedule(delayMs: number, run: () => void): () => void;
}

/** The process's own monotonic clock. A timer that is waiting keeps the process alive. */
export const systemClock: Clock = {
  nowMs: (): number => performance.now(),
  schedule: (delayMs: number, run: () => void): (() => void) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Waits on `clock`.
 *
 * @returns True when `delayMs` has passed, false as soon as `signal` aborts. Never rejects.
 * @internal
 */
export function wait(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = clock.schedule(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve(true);
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
