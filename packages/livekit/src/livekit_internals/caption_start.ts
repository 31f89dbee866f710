import type { InternalFact } from './internal_fact.ts';

/**
 * The segment that LiveKit's `TranscriptionSynchronizer` shows the captions of.
 *
 * From the second segment on, it does not wait for `playbackStarted` but begins with the first frame, since an output
 * may not report the start again. Oncue's output does, and the frame is ahead of the ear by the whole path. It also
 * keeps the audio of the next segment waiting until the current word's display time has elapsed: an unwanted pause
 * between two responses.
 */
export const CAPTION_START: InternalFact = {
  name: 'TranscriptionSynchronizer._impl',
  source: 'voice/transcription/synchronizer.ts',
  lost: 'the captions of the second and later responses of a turn begin when their audio is sent, not when it is heard',
};

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
 * Lets the captions of every segment begin with its playback [PB6], and end when the next one begins.
 *
 * @param chain - the session's audio outputs, outermost first.
 * @returns `false` if there is a synchronizer that Oncue does not know how to adapt.
 */
export function startCaptionsWithPlayback(chain: readonly object[]): boolean {
  const output = chain.find(isSynchronized);
  if (!output) return true;
  const { synchronizer } = output as { readonly synchronizer?: Partial<Synchronizer> };
  if (!isKnown(synchronizer)) return false;
  if (followed.has(synchronizer)) return true;
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
  return true;
}

function isSynchronized(output: object): boolean {
  return 'synchronizer' in output || output.constructor.name === 'SyncedAudioOutput';
}

function isKnown(synchronizer: Partial<Synchronizer> | undefined): synchronizer is Synchronizer {
  const segment = synchronizer?._impl;
  return (
    typeof segment?.sleepIfNotClosed === 'function' &&
    typeof segment.seedFromPushAudio === 'boolean' &&
    typeof segment.closedFuture?.done === 'boolean'
  );
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
