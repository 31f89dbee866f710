import type { InternalFact } from '../internal_fact.ts';
import { memberOf, type Shape } from '../members.ts';
import { type CaptionSegment, type CaptionSink, lackOfSegment } from './caption_segment.ts';
import type { SyncedOutput } from './synced_output.ts';

/**
 * What a segment of captions is made from. LiveKit makes the next one when the audio of this one has ended; Oncue, which
 * takes audio of the next response before that, makes it then. LiveKit does not export the class.
 */
export const NEXT_CAPTIONS: InternalFact = {
  name: 'TranscriptionSynchronizer.options, .rotateSegment and ._paused, SyncedAudioOutput.pushedDuration, and the class of their segments',
  source: 'voice/transcription/synchronizer.ts',
  lost: 'the last words of a response are shown when the audio of the next one is due, a moment before they are heard',
};

export const NEXT_CAPTIONS_SHAPE: Shape = {
  pushedDuration: 'number',
  synchronizer: { options: 'object', _paused: 'boolean', rotateSegment: 'function' },
};

/** Makes a segment of captions. */
type CaptionSegmentClass = new (
  options: unknown,
  nextInChain: CaptionSink,
  seedFromPushAudio: boolean,
) => CaptionSegment;

/**
 * A segment that shows its captions when those of another are out. Nothing of LiveKit is changed.
 *
 * @returns What this LiveKit lacks for it, or the segment.
 * @throws Error if LiveKit's constructor does.
 */
export function makeNextSegment(
  { synchronizer }: SyncedOutput,
  before: CaptionSegment,
): CaptionSegment | string {
  const Segment = memberOf(before, 'constructor');
  if (!isClass(Segment)) return 'constructor of a segment';
  const { options, textOutput, _paused } = synchronizer;
  const next = new Segment(options, sinkAfter(before, textOutput.nextInChain), false);
  const lack = lackOfSegment(next);
  if (lack !== undefined) return `constructor of a segment: ${lack}`;
  if (_paused) next.pause();
  return next;
}

function isClass(value: unknown): value is CaptionSegmentClass {
  return typeof value === 'function';
}

/** Shows captions when those of another segment are out. */
function sinkAfter(before: CaptionSegment, sink: CaptionSink): CaptionSink {
  const isOut = before.captureTask.catch(() => {});
  return {
    captureText: async (text) => {
      await isOut;
      await sink.captureText(text);
    },
    flush: () => void isOut.then(() => sink.flush()),
  };
}
