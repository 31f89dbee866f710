import type { voice } from '@livekit/agents';
import type { MissingFacts } from '../livekit_internals/missing_facts.ts';
import { AUDIO_CHAIN, chainFrom, isWrapper } from '../livekit_internals/output/audio_chain.ts';
import {
  beginNextCaptions,
  CAPTION_START,
  startCaptionsWithPlayback,
} from '../livekit_internals/output/caption_start.ts';
import { letPipelineGoOn } from '../livekit_internals/output/pipeline_wait.ts';
import { roomIOOf } from '../livekit_internals/output/room_io.ts';
import { followSegmentIds, SEGMENT_IDS } from '../livekit_internals/output/segment_ids.ts';

/** The output of ours that the chain ends in. */
interface OwnOutput extends voice.AudioOutput {
  whenLetGo(): Promise<voice.PlaybackFinishedEvent>;
}

/**
 * Adapts what LiveKit put before our output since the session started: captions follow the playback, the id of each
 * transcript is reported, and the pipeline goes on when our output lets it. May be called often.
 *
 * @returns Whether the pipeline goes on so.
 */
export function adaptCaptions(
  session: voice.AgentSession,
  ours: OwnOutput,
  missing: MissingFacts,
  reportSegment: (segmentId: string) => void,
): boolean {
  const { audio, transcription } = session.output;
  const chain = chainFrom(audio);
  if (!missing.has(CAPTION_START) && !startCaptionsWithPlayback(chain)) missing.add(CAPTION_START);
  // Audio came here, so there is a way; an output of the application may keep it to itself.
  const isBroken = !chain.includes(ours);
  if (isBroken && chain.some(isWrapper)) missing.add(AUDIO_CHAIN);
  const isFollowed = followSegmentIds(transcription, reportSegment);
  const isOfRoom = transcription && transcription === roomIOOf(session)?.transcriptionOutput;
  if (!isFollowed && isOfRoom) missing.add(SEGMENT_IDS);
  if (!audio || missing.has(CAPTION_START)) return false;
  letPipelineGoOn(
    audio,
    () => ours.whenLetGo(),
    () => beginNextCaptions(chainFrom(audio)),
  );
  return true;
}
