import { FROZEN_MS } from './tuning.ts';

/** The part of an `AudioContext` that is used here. */
interface Interruptible {
  /** On iOS also `interrupted`: a phone call or another program has the device. */
  readonly state: string;
  readonly currentTime: number;
  addEventListener(
    type: 'statechange',
    listener: () => void,
    options: { readonly signal: AbortSignal },
  ): void;
  suspend(): Promise<void>;
  resume(): Promise<void>;
}

/** Calls `resume` when an interruption is over and has left the context suspended. */
export function resumeAfterInterruption(
  context: Pick<Interruptible, 'state' | 'addEventListener'>,
  resume: () => void,
  signal: AbortSignal,
): void {
  let before = context.state;
  const changed = (): void => {
    const { state } = context;
    if (before === 'interrupted' && state === 'suspended') resume();
    before = state;
  };
  context.addEventListener('statechange', changed, { signal });
}

/**
 * Suspends and resumes a context that claims to run but stands still for a second. By reports a phone call leaves an iPhone's
 * context so, and this brings its output back. Does nothing if the context moves.
 */
export async function restartIfFrozen(
  context: Pick<Interruptible, 'state' | 'currentTime' | 'suspend' | 'resume'>,
): Promise<void> {
  const { currentTime } = context;
  await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
  if (context.state !== 'running' || context.currentTime !== currentTime) return;
  // Not in one go: to `resume`, a context that is not suspended yet seems to run.
  await context
    .suspend()
    .then(() => context.resume())
    // It was closed meanwhile.
    .catch(() => {});
}
