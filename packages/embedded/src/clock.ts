/**
 * Where this package gets its time from. A test passes a clock of its own.
 *
 * This is less than `@oncue/core` asks of its `Clock`: nothing here depends on a timer that is never
 * early, or on whose clock the instants are. Any clock of core can be passed.
 */
export interface Clock {
  /** Milliseconds on a monotonic clock with any zero; only differences are used. */
  nowMs(): number;
  /**
   * Runs `run` once, about `delayMs` from now. It may run up to a millisecond early.
   *
   * @returns A function that cancels it; calling it later, or again, does nothing.
   */
  schedule(delayMs: number, run: () => void): () => void;
}

/** The longest delay of a Node timer, 24.8 days; Node runs a longer one at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The process's own monotonic clock. A pending timer keeps the process alive. @internal */
export const systemClock: Clock = {
  nowMs: (): number => performance.now(),
  schedule: (delayMs: number, run: () => void): (() => void) => {
    const timer = setTimeout(run, Math.min(MAX_TIMER_MS, delayMs));
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
