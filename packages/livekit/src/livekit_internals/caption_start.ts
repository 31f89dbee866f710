import type { voice } from '@livekit/agents';

/** What is used of a `TranscriptionSynchronizer` and its segment (`voice/transcription/synchronizer.ts`). */
interface Synchronizer {
  _impl: CaptionSegment;
}

interface CaptionSegment {
  seedFromPushAudio: boolean;
  readonly closedFuture: { readonly done: boolean; readonly await: Promise<void> };
  sleepIfNotClosed(seconds: number): Promise<void>;
}

const followed = new WeakSet<object>();

/**
 * Lets the captions of every segment begin with its playback [PB6], and end when the next begins.
 *
 * From the second segment on, LiveKit's synchronizer does not wait for `playbackStarted` but begins with the first frame,
 * since its outputs may not say the start again. Ours does, and the frame is ahead of the ear by the whole path. And it
 * keeps the audio of the next segment waiting until the word it is at has had its time: a pause between two responses
 * that nobody asked for.
 */
export function startCaptionsWithPlayback(outermost: voice.AudioOutput | null): void {
  const synchronizer = synchronizerIn(outermost);
  if (!synchronizer || followed.has(synchronizer)) return;
  followed.add(synchronizer);
  let current = synchronizer._impl;
  adapt(current);
  Object.defineProperty(synchronizer, '_impl', {
    get: () => current,
    set: (next: CaptionSegment) => {
      adapt(next);
      current = next;
    },
  });
}

function adapt(segment: CaptionSegment): void {
  segment.seedFromPushAudio = false;
  segment.sleepIfNotClosed = (seconds) => {
    if (segment.closedFuture.done) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      void segment.closedFuture.await.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  };
}

/** Others may stand before it, a recorder for one. */
function synchronizerIn(outermost: voice.AudioOutput | null): Synchronizer | undefined {
  let output: unknown = outermost;
  while (typeof output === 'object' && output !== null) {
    const { synchronizer, nextInChain } = output as {
      readonly synchronizer?: { readonly _impl?: Partial<CaptionSegment> };
      readonly nextInChain?: unknown;
    };
    const segment = synchronizer?._impl;
    if (typeof segment?.sleepIfNotClosed === 'function' && segment.closedFuture)
      return synchronizer as Synchronizer;
    output = nextInChain;
  }
  return undefined;
}
