import type { InternalFact } from '../internal_fact.ts';
import { canReplace, ignoreRejection, lackOf, memberOf, type Shape } from '../members.ts';
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

/** The first member that is not as Oncue knows it, of what the next segment takes. */
export function lackOfNextCaptions(output: object): string | undefined {
  const lack = lackOf(output, NEXT_CAPTIONS_SHAPE);
  if (lack !== undefined) return lack;
  const rotates = canReplace(memberOf(output, 'synchronizer'), 'rotateSegment');
  return rotates ? undefined : 'synchronizer.rotateSegment';
}

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
 */
export function makeNextSegment(
  { synchronizer }: SyncedOutput,
  before: CaptionSegment,
): CaptionSegment | string {
  const Segment = memberOf(before, 'constructor');
  if (!isClass(Segment)) return CONSTRUCTOR;
  try {
    const { options, textOutput, _paused } = synchronizer;
    const sink = sinkAfter(before, textOutput.nextInChain);
    const next = new Segment(options, sink, false);
    const lack = lackOfSegment(next) ?? lackOfParts(next, { options, nextInChain: sink });
    if (lack !== undefined) {
      discardSegment(next);
      return `${CONSTRUCTOR}: ${lack}`;
    }
    if (_paused) ignoreRejection(next.pause());
    return next;
  } catch {
    return CONSTRUCTOR;
  }
}

const CONSTRUCTOR = 'constructor of a segment';

/** Another class may take other arguments, or the same ones in another order. It would then show its captions nowhere. */
function lackOfParts(
  segment: object,
  parts: Readonly<Record<string, unknown>>,
): string | undefined {
  return Object.keys(parts).find((name) => memberOf(segment, name) !== parts[name]);
}

/** Ends a segment that nothing was given to. Never throws, and nothing of it is an unhandled rejection. */
export function discardSegment(segment: object): void {
  ignoreRejection(memberOf(segment, 'captureTask'));
  const close = memberOf(segment, 'close');
  if (typeof close !== 'function') return;
  try {
    ignoreRejection(Reflect.apply(close, segment, []));
  } catch {
    // It is not shown in any case.
  }
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
    flush: () => void isOut.then(() => sink.flush()).catch(() => {}),
  };
}
