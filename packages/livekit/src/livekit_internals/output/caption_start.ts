import type { FailOpen } from '../../fail_open.ts';
import type { InternalFact } from '../internal_fact.ts';
import { lackOf, memberOf } from '../members.ts';
import type { MissingFacts } from '../missing_facts.ts';
import { lackOfSegment } from './caption_segment.ts';
import { FollowedCaptions } from './followed_captions.ts';
import { lackOfNextCaptions, NEXT_CAPTIONS } from './next_captions.ts';
import { SYNCED_OUTPUT_SHAPE, type SyncedOutput, syncedOutputIn } from './synced_output.ts';

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

const followed = new WeakMap<object, FollowedCaptions>();

/**
 * Lets the captions of every segment begin with its playback, and end with what was heard when that is cut [PB6][LK7].
 * If there is a synchronizer that Oncue does not know how to adapt, the fact is missing and LiveKit's object is as it
 * was.
 *
 * @param chain - the session's audio outputs, outermost first.
 * @returns Whether the pipeline can go on with a response while the captions of the one before are shown.
 */
export function startCaptionsWithPlayback(
  chain: readonly object[],
  of: { readonly missing: MissingFacts; readonly failOpen: FailOpen },
): boolean {
  const output = syncedOutputIn(chain);
  if (!output) return true;
  const { missing, failOpen } = of;
  if (!missing.check(CAPTION_START, lackOfCaptions(output))) return false;
  if (!missing.check(NEXT_CAPTIONS, lackOfNextCaptions(output))) return false;
  if (followed.has(output)) return true;
  return failOpen.run(
    'following captions',
    () => {
      followed.set(output, new FollowedCaptions(output as SyncedOutput, failOpen));
      return true;
    },
    false,
  );
}

/**
 * What the pipeline gives from now on belongs to the next segment, while the captions of this one are still shown.
 *
 * @returns `false` if this LiveKit lacks something for that. Then nothing has changed.
 */
export function beginNextCaptions(chain: readonly object[], missing: MissingFacts): boolean {
  const output = syncedOutputIn(chain);
  const captions = output && followed.get(output);
  if (!captions) return true;
  return (
    missing.check(CAPTION_START, lackOfCaptions(output)) &&
    missing.check(NEXT_CAPTIONS, lackOfNextCaptions(output) ?? captions.beginNext())
  );
}

/** Shows no further word of what was cut, until its end is reported. */
export function stopCaptions(chain: readonly object[]): void {
  const output = syncedOutputIn(chain);
  if (output) followed.get(output)?.stop();
}

/** The first member that is not as Oncue knows it, of what shows captions. */
function lackOfCaptions(output: object): string | undefined {
  const lack = lackOf(output, SYNCED_OUTPUT_SHAPE);
  if (lack !== undefined) return lack;
  const synchronizer = memberOf(output, 'synchronizer') as object;
  if (!Object.hasOwn(synchronizer, '_impl')) return 'synchronizer._impl';
  const ofSegment = lackOfSegment(memberOf(synchronizer, '_impl'));
  return ofSegment === undefined ? undefined : `synchronizer._impl.${ofSegment}`;
}
