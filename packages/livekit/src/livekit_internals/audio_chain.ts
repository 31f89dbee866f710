import type { InternalFact } from './internal_fact.ts';

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
    output = (output as { readonly nextInChain?: unknown }).nextInChain;
  }
  return chain;
}

/** Outputs of LiveKit that always have another after them. */
export const LIVEKIT_WRAPPERS: readonly string[] = ['SyncedAudioOutput', 'RecorderAudioOutput'];
