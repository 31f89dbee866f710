import type { voice } from '@livekit/agents';
import type { FailOpen } from '../fail_open.ts';

const DURING = 'waiting for an interruption';

/** Who waits for the interruption of a speech. */
const waiting = new WeakMap<voice.SpeechHandle, Set<() => void>>();

/**
 * Resolves with `until`, or as soon as the speech is interrupted. Rejects only if `until` does.
 *
 * LiveKit's `waitIfNotInterrupted` leaves a callback on the speech each time, which is kept until the speech is over. A speech
 * of an hour is waited for 36,000 times [LK20].
 */
export async function orInterrupted(
  handle: voice.SpeechHandle,
  until: Promise<unknown>,
  failOpen: FailOpen,
): Promise<void> {
  if (failOpen.run(DURING, () => handle.interrupted, false)) return;
  const wakes = wakesOf(handle, failOpen);
  await new Promise<void>((resolve, reject) => {
    wakes.add(resolve);
    until.finally(() => wakes.delete(resolve)).then(() => resolve(), reject);
  });
}

/** Where LiveKit cannot say when a speech is interrupted, nobody is woken, and nobody asks again. */
function wakesOf(handle: voice.SpeechHandle, failOpen: FailOpen): Set<() => void> {
  const known = waiting.get(handle);
  if (known) return known;
  const wakes = new Set<() => void>();
  waiting.set(handle, wakes);
  const never = new Promise<never>(() => {});
  const wake = (): void => {
    // Whoever is woken without an interruption would take the captions for cut.
    if (!handle.interrupted) return;
    for (const one of wakes) one();
    wakes.clear();
  };
  failOpen.run(DURING, () => handle.waitIfNotInterrupted([never]).then(wake), undefined);
  return wakes;
}
