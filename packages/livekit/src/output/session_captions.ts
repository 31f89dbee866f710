import type { voice } from '@livekit/agents';
import { AUDIO_CHAIN, chainFrom, isWrapper } from '../livekit_internals/audio_chain.ts';
import { CAPTION_START, startCaptionsWithPlayback } from '../livekit_internals/caption_start.ts';
import type { MissingFacts } from '../livekit_internals/missing_facts.ts';
import { roomIOOf } from '../livekit_internals/room_io.ts';
import { followSegmentIds, SEGMENT_IDS } from '../livekit_internals/segment_ids.ts';

/**
 * Adapts what LiveKit put before our output since the session started: captions follow the playback, and the id of each
 * transcript is reported. May be called often.
 */
export function adaptCaptions(
  session: voice.AgentSession,
  ours: voice.AudioOutput,
  missing: MissingFacts,
  reportSegment: (segmentId: string) => void,
): void {
  const { audio, transcription } = session.output;
  const chain = chainFrom(audio);
  if (!missing.has(CAPTION_START) && !startCaptionsWithPlayback(chain)) missing.add(CAPTION_START);
  // Audio came here, so there is a way; an output of the application may keep it to itself.
  const isBroken = !chain.includes(ours);
  if (isBroken && chain.some(isWrapper)) missing.add(AUDIO_CHAIN);
  const isFollowed = followSegmentIds(transcription, reportSegment);
  const isOfRoom = transcription && transcription === roomIOOf(session)?.transcriptionOutput;
  if (!isFollowed && isOfRoom) missing.add(SEGMENT_IDS);
}
