import type { InternalFact } from '../internal_fact.ts';
import { ignoreRejection, memberOf } from '../members.ts';
import { syncedOutputIn } from './synced_output.ts';

/**
 * How an output that shows captions in step with its audio is told that there is no audio. It shows them as they are
 * written then.
 */
export const WRITTEN_CAPTIONS: InternalFact = {
  name: 'TranscriptionSynchronizer._onAttachmentChanged',
  source: 'voice/transcription/synchronizer.ts',
  lost: 'captions in a room wait for audio that does not come, where the session has no voice',
};

/**
 * Shows captions as they are written where no audio will come to set their pace, or stops doing so [LK16].
 *
 * @param chain - the session's audio outputs, outermost first.
 * @returns `false` if there is a synchronizer that cannot be told.
 */
export function showCaptionsAsWritten(chain: readonly object[], isWritten: boolean): boolean {
  const output = syncedOutputIn(chain);
  if (!output) return true;
  const synchronizer = memberOf(output, 'synchronizer');
  const changed = memberOf(synchronizer, '_onAttachmentChanged');
  if (typeof changed !== 'function') return false;
  ignoreRejection(Reflect.apply(changed, synchronizer, [{ audioAttached: !isWritten }]));
  return true;
}
