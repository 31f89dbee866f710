import type { InternalFact } from '../internal_fact.ts';
import { memberOf } from '../members.ts';

/**
 * How outputs stand in a chain: each has the next as `nextInChain`, and what RoomIO or a recorder adds stands before
 * the output that was set before the start.
 */
export const AUDIO_CHAIN: InternalFact = {
  name: 'AudioOutput.nextInChain',
  source: 'voice/io.ts',
  lost: 'captions are not aligned with the playback',
};

/** An output and those after it, outermost first. */
export function chainFrom(outermost: unknown): readonly object[] {
  const chain: object[] = [];
  let output = outermost;
  while (typeof output === 'object' && output !== null && !chain.includes(output)) {
    chain.push(output);
    output = memberOf(output, 'nextInChain');
  }
  return chain;
}

/** LiveKit's output that shows captions in step with the audio (`voice/transcription/synchronizer.ts`). */
export const SYNCED_OUTPUT = 'SyncedAudioOutput';

/** LiveKit exports neither class. The second is of `voice/recorder_io/recorder_io.ts`. */
const WRAPPERS: readonly string[] = [SYNCED_OUTPUT, 'RecorderAudioOutput'];

/**
 * Whether an output is one of LiveKit's that always have another after them. If such an output shows none, this fact is
 * missing; any other output without a next one is the application's own.
 */
export function isWrapper(output: object): boolean {
  return WRAPPERS.includes(output.constructor?.name);
}
