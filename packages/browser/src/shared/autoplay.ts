import { AudioError } from './audio_error.ts';
import { DEVICE_STARTS_WITHIN_MS } from './tuning.ts';

/** The method is not in TypeScript's libraries, and not in every browser. */
interface PageGlobals {
  readonly navigator?: { getAutoplayPolicy?(type: 'audiocontext'): string };
}

/** The part of an `AudioContext` that is used here. */
interface Resumable {
  readonly state: string;
  readonly currentTime: number;
  resume(): Promise<void>;
}

/** Whether the browser lets this page make sound now; `undefined` if it does not say. Only Firefox says so before it was tried. */
export function maySound(): boolean | undefined {
  const policy = (globalThis as PageGlobals).navigator?.getAutoplayPolicy?.('audiocontext');
  return policy === undefined ? undefined : policy === 'allowed';
}

const watched = new WeakSet<Resumable>();

/**
 * Resumes a context.
 *
 * @param failed Called once for a context, with `device_not_started`, if the browser allows sound and the context has still not
 *   begun to run after 5 s. It may begin later.
 */
export async function resumeContext(
  context: Resumable,
  failed: (error: AudioError) => void,
): Promise<void> {
  if (maySound() && !watched.has(context)) {
    watched.add(context);
    setTimeout(() => {
      if (context.state !== 'suspended' || context.currentTime > 0) return;
      const message = 'the sound device does not start; connect one, or choose another';
      failed(new AudioError('device_not_started', message));
    }, DEVICE_STARTS_WITHIN_MS);
  }
  // While another program has the device, this would fail, and could leave a context that claims to run and stands still.
  if (context.state === 'interrupted') return;
  // Stays pending while sound is not allowed, and rejects once the context is closed. `state` shows both.
  await context.resume().catch(() => {});
}
