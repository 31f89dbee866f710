import { voice } from '@livekit/agents';
import type { InternalFact } from '../internal_fact.ts';
import { SYNCED_OUTPUT } from './audio_chain.ts';
import {
  type CaptionSegment,
  type CaptionSegmentClass,
  type CaptionSink,
  FollowedSegment,
  isKnownSegment,
  sinkAfter,
} from './caption_segment.ts';

/**
 * The segment that LiveKit's `TranscriptionSynchronizer` shows the captions of.
 *
 * From the second segment on, it does not wait for `playbackStarted` but begins with the first frame, since an output
 * may not report the start again. Oncue's output does, and the frame is ahead of the ear by the whole path. It also
 * keeps the audio of the next segment waiting until the current word's display time has elapsed: an unwanted pause
 * between two responses. After a cut it gives out the words that it had shown, whatever was heard. And it has one
 * segment at a time, while Oncue takes the audio of the next response before the end of this one is heard.
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
  readonly _paused: boolean;
  readonly options: unknown;
  readonly textOutput: Pick<CaptionSink, 'captureText'> & { readonly nextInChain: CaptionSink };
  rotateSegment: () => void;
  /** Segments that made way for the next before the end of their playback was reported. */
  readonly _pendingRotatedSegments?: readonly {
    readonly impl: CaptionSegment;
    readonly acceptedDownstream: boolean;
  }[];
  _onAttachmentChanged?: (of: { readonly audioAttached: boolean }) => void;
}

/** An output of LiveKit that shows captions in step with its audio. */
interface SyncedOutput {
  readonly synchronizer: Synchronizer;
  /** Of the segment that is captured, s. */
  pushedDuration: number;
  /** Segments that were captured and have not finished. */
  readonly pendingPlayoutSegments?: number;
  onPlaybackFinished(event: voice.PlaybackFinishedEvent): void;
  pause(): void;
  resume(): void;
}

const followed = new WeakMap<object, FollowedCaptions>();

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
  if (!followed.has(output)) followed.set(output, new FollowedCaptions(output));
  return true;
}

/** What the pipeline gives from now on belongs to the next segment, while the captions of this one are still shown. */
export function beginNextCaptions(chain: readonly object[]): void {
  const output = chain.find(isSynchronized);
  if (output) followed.get(output)?.beginNext();
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
  return typeof onPlaybackFinished === 'function' && isKnownSegment(synchronizer?._impl);
}

/** The captions of one output of LiveKit, which follow the playback. */
class FollowedCaptions {
  readonly #output: SyncedOutput;
  readonly #segments = new WeakMap<CaptionSegment, FollowedSegment>();
  /** The one that text and audio are given to. */
  #current: CaptionSegment;
  /** Those before it that are still shown, the oldest first. */
  readonly #ending: CaptionSegment[] = [];
  /** The one that LiveKit's handler of a finish is about, if it is not the current one. */
  #finishing: CaptionSegment | undefined;
  /** LiveKit has closed it while its audio plays on, since the session's audio was switched off. */
  #cutShort: FollowedSegment | undefined;

  constructor(output: SyncedOutput) {
    this.#output = output;
    const { synchronizer } = output;
    this.#current = synchronizer._impl;
    this.#follow(this.#current);
    Object.defineProperty(synchronizer, '_impl', {
      get: () => this.#finishing ?? this.#current,
      set: (next: CaptionSegment) => {
        if (!this.#isShown && this.#isPlaying) this.#cutShort ??= this.#segments.get(this.#current);
        this.#follow(next);
        this.#current = next;
      },
    });
    const { textOutput } = synchronizer;
    const { captureText } = textOutput;
    textOutput.captureText = (text) => {
      // The rest of an earlier text must not be shown after this one.
      this.#cutShort = undefined;
      return captureText.call(textOutput, text);
    };
    const { onPlaybackFinished, pause, resume } = output;
    output.onPlaybackFinished = (event) =>
      this.#finished(event, () => onPlaybackFinished.call(output, event));
    output.pause = () => {
      pause.call(output);
      for (const segment of this.#ending) segment.pause();
    };
    output.resume = () => {
      resume.call(output);
      for (const segment of this.#ending) segment.resume();
    };
  }

  beginNext(): void {
    const { synchronizer } = this.#output;
    const before = this.#current;
    if (!this.#isShown || before.closedFuture.done) return;
    this.#ending.push(before);
    const Segment = before.constructor as CaptionSegmentClass;
    const { options, textOutput } = synchronizer;
    synchronizer._impl = new Segment(options, sinkAfter(before, textOutput.nextInChain), false);
    if (synchronizer._paused) synchronizer._impl.pause();
    this.#output.pushedDuration = 0;
  }

  #follow(segment: CaptionSegment): void {
    this.#segments.set(segment, new FollowedSegment(segment));
  }

  #finished(event: voice.PlaybackFinishedEvent, finish: () => void): void {
    const ending = this.#ending.shift();
    const { synchronizer } = this.#output;
    if (ending) {
      this.#finishEnding(ending, event, finish);
      return;
    }
    this.#showRestOfCutShort(event);
    this.#finish(segmentOf(synchronizer), this.#isShown, event, finish);
  }

  /** Its pace is lost, but what was heard of it is known now [LK26]. */
  #showRestOfCutShort({ synchronizedTranscript: heard = '' }: voice.PlaybackFinishedEvent): void {
    const text = this.#cutShort?.restOf(heard) ?? '';
    this.#cutShort = undefined;
    if (text.trim() === '') return;
    const sink = this.#output.synchronizer.textOutput.nextInChain;
    sink
      .captureText(voice.createTimedString({ text }))
      .then(() => sink.flush())
      .catch(() => {});
  }

  /** LiveKit makes the next segment when one ends. This one has its next. */
  #finishEnding(
    ending: CaptionSegment,
    event: voice.PlaybackFinishedEvent,
    finish: () => void,
  ): void {
    const output = this.#output;
    const { synchronizer, pushedDuration } = output;
    const { rotateSegment } = synchronizer;
    this.#finishing = ending;
    synchronizer.rotateSegment = () => {};
    try {
      this.#finish(ending, true, event, finish);
      // When a session closes, LiveKit no longer tells its captions of the end.
      if (!this.#isShown) ending.markPlaybackFinished(event.playbackPosition, event.interrupted);
    } finally {
      this.#finishing = undefined;
      synchronizer.rotateSegment = rotateSegment;
      output.pushedDuration = pushedDuration;
      ending.close().catch(() => {});
    }
  }

  /** @param isShown - `false`: the captions pass by the segment. */
  #finish(
    segment: CaptionSegment,
    isShown: boolean,
    event: voice.PlaybackFinishedEvent,
    finish: () => void,
  ): void {
    const followed = this.#segments.get(segment);
    const { interrupted, synchronizedTranscript: heard } = event;
    // Only Oncue's output gives a transcript, and only a cut one is not all of the text.
    if (!followed || !interrupted || heard === undefined) finish();
    else followed.cutAfter(heard, isShown, finish);
  }

  /** The current segment, besides those that are ending. */
  get #isPlaying(): boolean {
    return (this.#output.pendingPlayoutSegments ?? 0) > this.#ending.length;
  }

  get #isShown(): boolean {
    const { enabled, outputsAttached } = this.#output.synchronizer;
    return enabled && outputsAttached;
  }
}

/** The segment whose end is reported next (`SyncedAudioOutput.onPlaybackFinished`). */
function segmentOf({ _impl, _pendingRotatedSegments = [] }: Synchronizer): CaptionSegment {
  return _pendingRotatedSegments.find((one) => one.acceptedDownstream)?.impl ?? _impl;
}
