import { voice } from '@livekit/agents';
import { SYNCED_OUTPUT } from './audio_chain.ts';
import type { InternalFact } from './internal_fact.ts';

/**
 * The segment that LiveKit's `TranscriptionSynchronizer` shows the captions of.
 *
 * From the second segment on, it does not wait for `playbackStarted` but begins with the first frame, since an output
 * may not report the start again. Oncue's output does, and the frame is ahead of the ear by the whole path. It also
 * keeps the audio of the next segment waiting until the current word's display time has elapsed: an unwanted pause
 * between two responses. After a cut it gives out the words that it had shown, whatever was heard.
 */
export const CAPTION_START: InternalFact = {
  name: 'TranscriptionSynchronizer._impl',
  source: 'voice/transcription/synchronizer.ts',
  lost: 'the captions of the second and later responses of a turn begin when their audio is sent, not when it is heard, and an interrupted message holds the words that were shown, not those that were heard',
};

interface Synchronizer {
  _impl: CaptionSegment;
  readonly enabled: boolean;
  readonly outputsAttached: boolean;
  /** Segments that made way for the next before the end of their playback was reported. */
  readonly _pendingRotatedSegments?: readonly {
    readonly impl: CaptionSegment;
    readonly acceptedDownstream: boolean;
  }[];
  _onAttachmentChanged?: (of: { readonly audioAttached: boolean }) => void;
}

interface CaptionSegment {
  seedFromPushAudio: boolean;
  readonly synchronizedTranscript: string;
  readonly closedFuture: { readonly done: boolean; readonly await: Promise<void> };
  readonly outputStreamWriter: { write(chunk: string | voice.TimedString): Promise<void> };
  sleepIfNotClosed(seconds: number): Promise<void>;
}

/** An output of LiveKit that shows captions in step with its audio. */
interface SyncedOutput {
  readonly synchronizer: Synchronizer;
  onPlaybackFinished(event: voice.PlaybackFinishedEvent): void;
}

const followed = new WeakSet<object>();

/**
 * Lets the captions of every segment begin with its playback, and end with what was heard when that is cut [PB6][LK7].
 *
 * @param chain - the session's audio outputs, outermost first.
 * @returns `false` if there is a synchronizer that Oncue does not know how to adapt.
 */
export function startCaptionsWithPlayback(chain: readonly object[]): boolean {
  const output = chain.find(isSynchronized);
  if (!output) return true;
  if (!isKnown(output)) return false;
  if (followed.has(output)) return true;
  followed.add(output);
  const { synchronizer } = output;
  const segments = new WeakMap<CaptionSegment, FollowedSegment>();
  let current = synchronizer._impl;
  segments.set(current, new FollowedSegment(current));
  Object.defineProperty(synchronizer, '_impl', {
    get: () => current,
    set: (next: CaptionSegment) => {
      segments.set(next, new FollowedSegment(next));
      current = next;
    },
  });
  const finish = output.onPlaybackFinished;
  output.onPlaybackFinished = (event) => {
    const segment = segments.get(segmentOf(synchronizer));
    const { interrupted, synchronizedTranscript: heard } = event;
    // Only Oncue's output gives a transcript, and only a cut one is not all of the text.
    if (!segment || !interrupted || heard === undefined) finish.call(output, event);
    else segment.cutAfter(heard, synchronizer, () => finish.call(output, event));
  };
  return true;
}

/** The segment whose end is reported next (`SyncedAudioOutput.onPlaybackFinished`). */
function segmentOf({ _impl, _pendingRotatedSegments = [] }: Synchronizer): CaptionSegment {
  return _pendingRotatedSegments.find((one) => one.acceptedDownstream)?.impl ?? _impl;
}

/** Shows captions as they are written where no audio will come to set their pace, or stops doing so [LK16]. */
export function showCaptionsAsWritten(chain: readonly object[], isWritten: boolean): void {
  const output = chain.find(isSynchronized);
  if (output && isKnown(output))
    output.synchronizer._onAttachmentChanged?.({ audioAttached: !isWritten });
}

function isSynchronized(output: object): boolean {
  return 'synchronizer' in output || output.constructor.name === SYNCED_OUTPUT;
}

function isKnown(output: object): output is SyncedOutput {
  const { synchronizer, onPlaybackFinished } = output as Partial<SyncedOutput>;
  const segment: Partial<CaptionSegment> | undefined = synchronizer?._impl;
  return (
    typeof onPlaybackFinished === 'function' &&
    typeof segment?.sleepIfNotClosed === 'function' &&
    typeof segment.seedFromPushAudio === 'boolean' &&
    typeof segment.synchronizedTranscript === 'string' &&
    typeof segment.outputStreamWriter?.write === 'function' &&
    typeof segment.closedFuture?.done === 'boolean'
  );
}

/** A segment of captions that follows the playback. */
class FollowedSegment {
  readonly #inner: CaptionSegment;
  readonly #write: (chunk: string | voice.TimedString) => Promise<void>;
  #shown = '';
  #isCut = false;
  #heard: string | undefined;

  constructor(inner: CaptionSegment) {
    this.#inner = inner;
    inner.seedFromPushAudio = false;
    inner.sleepIfNotClosed = (seconds) => sleep(inner, seconds);
    const writer = inner.outputStreamWriter;
    this.#write = writer.write.bind(writer);
    writer.write = (chunk) => this.#show(chunk);
    const ofLiveKit = transcriptOf(inner);
    Object.defineProperty(inner, 'synchronizedTranscript', {
      get: () => this.#heard ?? ofLiveKit(),
    });
  }

  /** The segment was cut: it is shown as far as it was heard, and that is what LiveKit's handler of it gives out. */
  cutAfter(heard: string, { enabled, outputsAttached }: Synchronizer, finish: () => void): void {
    // Else its captions pass by the segment.
    if (enabled && outputsAttached && !this.#inner.closedFuture.done) this.#showRest(heard);
    this.#isCut = true;
    this.#heard = heard;
    try {
      finish();
    } finally {
      this.#heard = undefined;
    }
  }

  #showRest(heard: string): void {
    if (heard.length <= this.#shown.length || !heard.startsWith(this.#shown)) return;
    const rest = voice.createTimedString({ text: heard.slice(this.#shown.length) });
    this.#tell(rest).catch(() => {});
  }

  #show(chunk: string | voice.TimedString): Promise<void> {
    return this.#isCut ? Promise.resolve() : this.#tell(chunk);
  }

  #tell(chunk: string | voice.TimedString): Promise<void> {
    this.#shown += typeof chunk === 'string' ? chunk : chunk.text;
    return this.#write(chunk);
  }
}

/** LiveKit's own getter stands on the prototype. */
function transcriptOf(segment: CaptionSegment): () => string {
  const prototype: unknown = Object.getPrototypeOf(segment);
  return () => String(Reflect.get(prototype as object, 'synchronizedTranscript', segment));
}

function sleep(segment: CaptionSegment, seconds: number): Promise<void> {
  if (segment.closedFuture.done) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    void segment.closedFuture.await.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
