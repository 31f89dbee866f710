import type { voice } from '@livekit/agents';

/** What is used of a `TranscriptionSynchronizer` (`voice/transcription/synchronizer.ts`). */
interface Synchronizer {
  _impl: { seedFromPushAudio: boolean };
}

const followed = new WeakSet<object>();

/**
 * Lets the captions of every segment begin with its playback [PB6].
 *
 * From the second segment on, LiveKit's synchronizer does not wait for `playbackStarted` but begins with the first frame,
 * since its outputs may not say the start again. Ours does, and the frame is ahead of the ear by the whole path.
 */
export function startCaptionsWithPlayback(outermost: voice.AudioOutput | null): void {
  const synchronizer = synchronizerIn(outermost);
  if (!synchronizer || followed.has(synchronizer)) return;
  followed.add(synchronizer);
  let current = synchronizer._impl;
  current.seedFromPushAudio = false;
  Object.defineProperty(synchronizer, '_impl', {
    get: () => current,
    set: (next: Synchronizer['_impl']) => {
      next.seedFromPushAudio = false;
      current = next;
    },
  });
}

/** Others may stand before it, a recorder for one. */
function synchronizerIn(outermost: voice.AudioOutput | null): Synchronizer | undefined {
  let output: unknown = outermost;
  while (typeof output === 'object' && output !== null) {
    const { synchronizer, nextInChain } = output as {
      readonly synchronizer?: Partial<Synchronizer>;
      readonly nextInChain?: unknown;
    };
    if (typeof synchronizer?._impl?.seedFromPushAudio === 'boolean')
      return synchronizer as Synchronizer;
    output = nextInChain;
  }
  return undefined;
}
