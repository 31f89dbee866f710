import type { voice } from '@livekit/agents';

/** Who waits for the interruption of a speech. */
const waiting = new WeakMap<voice.SpeechHandle, Set<() => void>>();

/**
 * Resolves with `until`, or as soon as the speech is interrupted. LiveKit's `waitIfNotInterrupted` leaves a callback on the
 * speech each time, which is kept until the speech is over. A speech of an hour is waited for 36,000 times [LK20].
 */
export async function orInterrupted(
  handle: voice.SpeechHandle,
  until: Promise<unknown>,
): Promise<void> {
  if (handle.interrupted) return;
  const wakes = wakesOf(handle);
  await new Promise<void>((resolve, reject) => {
    wakes.add(resolve);
    until.finally(() => wakes.delete(resolve)).then(() => resolve(), reject);
  });
}

function wakesOf(handle: voice.SpeechHandle): Set<() => void> {
  const known = waiting.get(handle);
  if (known) return known;
  const wakes = new Set<() => void>();
  waiting.set(handle, wakes);
  const never = new Promise<never>(() => {});
  void handle.waitIfNotInterrupted([never]).then(() => {
    for (const wake of wakes) wake();
    wakes.clear();
  });
  return wakes;
}
