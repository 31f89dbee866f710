import type { voice } from '@livekit/agents';
import type { FailOpen } from '../fail_open.ts';
import type { MissingFacts } from '../livekit_internals/missing_facts.ts';
import { AUDIO_CHAIN, chainFrom, isWrapper } from '../livekit_internals/output/audio_chain.ts';
import {
  beginNextCaptions,
  startCaptionsWithPlayback,
} from '../livekit_internals/output/caption_start.ts';
import { letPipelineGoOn, PIPELINE_WAIT } from '../livekit_internals/output/pipeline_wait.ts';
import {
  lackOfRoomIO,
  ROOM_IO,
  transcriptionOutputOf,
} from '../livekit_internals/output/room_io.ts';
import { followSegmentIds, SEGMENT_IDS } from '../livekit_internals/output/segment_ids.ts';

/** The output of ours that the chain ends in. */
interface OwnOutput extends voice.AudioOutput {
  whenLetGo(): Promise<voice.PlaybackFinishedEvent>;
}

/** What adapting captions takes. */
export interface SessionCaptionsPort {
  readonly session: voice.AgentSession;
  readonly ours: OwnOutput;
  readonly missing: MissingFacts;
  readonly failOpen: FailOpen;
  readonly reportSegment: (segmentId: string) => void;
}

/**
 * Adapts what LiveKit put before our output since the session started: captions follow the playback, the id of each
 * transcript is reported, and the pipeline goes on when our output lets it. May be called often.
 *
 * @returns Whether the pipeline goes on so.
 */
export function adaptCaptions(port: SessionCaptionsPort): boolean {
  const { session, ours, missing, failOpen } = port;
  const { audio } = session.output;
  const chain = chainFrom(audio);
  const canBeginNext = startCaptionsWithPlayback(chain, { missing, failOpen });
  // Audio came here, so there is a way; an output of the application may keep it to itself.
  const isBroken = !chain.includes(ours);
  if (isBroken && chain.some(isWrapper)) missing.add(AUDIO_CHAIN);
  missing.check(ROOM_IO, lackOfRoomIO(session));
  followSegments(port);
  if (!audio || !canBeginNext || missing.has(PIPELINE_WAIT)) return false;
  const canLetGo = letPipelineGoOn(audio, {
    letGo: () => ours.whenLetGo(),
    goesOn: () => beginNextCaptions(chainFrom(audio), missing),
    failOpen,
  });
  if (!canLetGo) missing.add(PIPELINE_WAIT);
  return canLetGo;
}

function followSegments({ session, missing, failOpen, reportSegment }: SessionCaptionsPort): void {
  const { transcription } = session.output;
  const isFollowed = followSegmentIds(transcription, reportSegment, failOpen);
  const isOfRoom = transcription && transcription === transcriptionOutputOf(session);
  if (!isFollowed && isOfRoom) missing.add(SEGMENT_IDS);
}
