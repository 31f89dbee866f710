import type { voice } from '@livekit/agents';
import { memberOf, type Shape } from '../members.ts';
import { SYNCED_OUTPUT } from './audio_chain.ts';
import type { CaptionSegment, CaptionSink } from './caption_segment.ts';

/** LiveKit's `TranscriptionSynchronizer`, as far as Oncue uses it. Not exported by LiveKit. */
export interface Synchronizer {
  _impl: CaptionSegment;
  readonly enabled: boolean;
  readonly outputsAttached: boolean;
  readonly _paused: boolean;
  readonly options: unknown;
  readonly textOutput: Pick<CaptionSink, 'captureText'> & { readonly nextInChain: CaptionSink };
  rotateSegment(): void;
  /** Segments that made way for the next before the end of their playback was reported. */
  readonly _pendingRotatedSegments?: readonly {
    readonly impl: CaptionSegment;
    readonly acceptedDownstream: boolean;
  }[];
}

/** An output of LiveKit that shows captions in step with its audio (`SyncedAudioOutput`). */
export interface SyncedOutput {
  readonly synchronizer: Synchronizer;
  /** Of the segment that is captured, s. */
  pushedDuration: number;
  /** Segments that were captured and have not finished. */
  readonly pendingPlayoutSegments?: number;
  onPlaybackStarted(createdAt: number): void;
  onPlaybackFinished(event: voice.PlaybackFinishedEvent): void;
  pause(): void;
  resume(): void;
}

/** What showing the captions of a segment takes, besides the segment itself. */
export const SYNCED_OUTPUT_SHAPE: Shape = {
  onPlaybackStarted: 'function',
  onPlaybackFinished: 'function',
  pause: 'function',
  resume: 'function',
  pendingPlayoutSegments: 'number?',
  synchronizer: {
    enabled: 'boolean',
    outputsAttached: 'boolean',
    textOutput: {
      captureText: 'function',
      nextInChain: { captureText: 'function', flush: 'function' },
    },
    _pendingRotatedSegments: 'array?',
  },
};

/**
 * The output that shows captions, if there is one in a chain: LiveKit's class, or one whose synchronizer has it as its output.
 * An output of the application may have a member of that name too.
 */
export function syncedOutputIn(chain: readonly object[]): object | undefined {
  return chain.find(
    (output) =>
      output.constructor?.name === SYNCED_OUTPUT ||
      memberOf(memberOf(output, 'synchronizer'), 'audioOutput') === output,
  );
}

/** Whether captions are shown segment by segment now; else they pass by. */
export function isShown({ synchronizer }: SyncedOutput): boolean {
  return synchronizer.enabled && synchronizer.outputsAttached;
}

/** The segment whose end is reported next (`SyncedAudioOutput.onPlaybackFinished`). */
export function segmentOf({ _impl, _pendingRotatedSegments = [] }: Synchronizer): CaptionSegment {
  return _pendingRotatedSegments.find((one) => one.acceptedDownstream)?.impl ?? _impl;
}
