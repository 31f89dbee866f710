import type { Clock } from './clock.ts';
import { assertKnown, assertObject, bad } from './declare/check_arguments.ts';

/** How long to wait for something, and what ends the wait early. */
export interface WaitOptions {
  /** The longest wait, in ms ≥ 0 from the call on. Left out: no limit. */
  readonly timeoutMs?: number;
  /** Ends the wait when it aborts. */
  readonly signal?: AbortSignal;
}

/** A wait that ended before anything was known. */
export interface NotAwaited {
  /** `timed_out`: `timeoutMs` have passed. `aborted`: the signal aborted. */
  readonly outcome: 'timed_out' | 'aborted';
}

/** A value that becomes known once, and that any number of callers may wait for, before or after. */
export class KnownOnce<T> {
  #known: { readonly value: T } | undefined;
  readonly #waiting = new Set<(value: T) => void>();

  /** Only the first call counts. */
  set(value: T): void {
    if (this.#known) return;
    this.#known = { value };
    for (const resolve of this.#waiting) resolve(value);
    this.#waiting.clear();
  }

  /**
   * Never rejects.
   *
   * @throws OncueError `ONCUE_BAD_OPTION` for a time-out that is not a number of ms ≥ 0, or a signal that is none.
   */
  wait({ timeoutMs, signal }: WaitOptions, clock: Clock): Promise<T | NotAwaited> {
    checkValues({ timeoutMs, signal });
    if (this.#known) return Promise.resolve(this.#known.value);
    if (signal?.aborted) return Promise.resolve({ outcome: 'aborted' });
    return new Promise((resolve) => {
      const end = (result: T | NotAwaited): void => {
        cancelTimer?.();
        signal?.removeEventListener('abort', abort);
        this.#waiting.delete(end);
        resolve(result);
      };
      const abort = (): void => end({ outcome: 'aborted' });
      const cancelTimer =
        timeoutMs === undefined
          ? undefined
          : clock.schedule(timeoutMs, () => end({ outcome: 'timed_out' }));
      signal?.addEventListener('abort', abort);
      this.#waiting.add(end);
    });
  }
}

/**
 * Checks the options of a wait that an application gave.
 *
 * @param of - the function that got them.
 * @param more - its options beside those of the wait.
 * @throws OncueError `ONCUE_BAD_OPTION` for what is no object of options, and for an unknown option.
 */
export function checkWaitOptions(of: string, options: unknown, more: readonly string[] = []): void {
  assertObject(`${of} takes`, options);
  assertKnown(of, options as object, ['timeoutMs', 'signal', ...more]);
}

function checkValues({ timeoutMs, signal }: Record<keyof WaitOptions, unknown>): void {
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs >= 0))
    throw bad(
      `timeoutMs is ${String(timeoutMs)}; give it ms ≥ 0, or leave it out to wait without a limit`,
    );
  if (
    signal !== undefined &&
    typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== 'function'
  )
    throw bad('signal must be an AbortSignal, for example that of an AbortController');
}
