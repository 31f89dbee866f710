import type { voice } from '@livekit/agents';
import type { InternalFact } from './internal_fact.ts';
import type { MissingFacts } from './missing_facts.ts';
import { AUDIO_CHAIN } from './output/audio_chain.ts';
import { CAPTION_START } from './output/caption_start.ts';
import { FRAME_USERDATA } from './output/frame_userdata.ts';
import { NEXT_CAPTIONS } from './output/next_captions.ts';
import { NO_VOICE } from './output/no_voice.ts';
import { PIPELINE_WAIT } from './output/pipeline_wait.ts';
import { PUBLISHES_FOR_AGENT } from './output/publishes_for_agent.ts';
import { hasRoomIO, ROOM_IO } from './output/room_io.ts';
import { SEGMENT_IDS } from './output/segment_ids.ts';
import { WRITTEN_CAPTIONS } from './output/written_captions.ts';
import { AGENT_CHAT, canRemoveMessages } from './session/agent_chat.ts';
import { AGENT_NODES, hasNodes } from './session/agent_nodes.ts';
import { AGENT_SPEECH, AGENT_STATE, canSetAgentState } from './session/agent_state.ts';
import { AGENT_TURN } from './session/agent_turn.ts';
import { CREATED_AGENT, keepsItsHooks } from './session/created_agent.ts';
import { RUNNING_ACTIVITY, STATE_OWNER, WAITING_SPEECHES } from './session/running_activity.ts';
import { lackOfClosing, SESSION_ENDING } from './session/session_ending.ts';
import { SESSION_STARTED, saysItStarted } from './session/session_started.ts';
import { SPEECH_FLOW } from './session/speech_flow.ts';
import { THINKING_SOUND } from './session/thinking_sound.ts';
import { USER_INTERRUPTS } from './session/user_interrupts.ts';

/** The internals of `@livekit/agents` that Oncue rests on, and finds missing when a session runs. */
export const INTERNAL_FACTS: readonly InternalFact[] = [
  AGENT_STATE,
  SESSION_STARTED,
  ROOM_IO,
  AGENT_CHAT,
  AGENT_NODES,
  CREATED_AGENT,
  NO_VOICE,
  AUDIO_CHAIN,
  PIPELINE_WAIT,
  CAPTION_START,
  NEXT_CAPTIONS,
  WRITTEN_CAPTIONS,
  SEGMENT_IDS,
  SPEECH_FLOW,
  AGENT_TURN,
  FRAME_USERDATA,
  RUNNING_ACTIVITY,
  USER_INTERRUPTS,
  SESSION_ENDING,
];

/** Those that no session shows. Only their contract tests notice a change. */
export const UNCHECKED_FACTS: readonly InternalFact[] = [
  PUBLISHES_FOR_AGENT,
  THINKING_SOUND,
  AGENT_SPEECH,
  STATE_OWNER,
  WAITING_SPEECHES,
];

/** Checks what a session shows before it starts. The other facts are checked where they are first used. */
export function checkInternals(
  session: object,
  missing: MissingFacts,
  of: { readonly inRoom: boolean },
): void {
  if (!canSetAgentState(session)) missing.add(AGENT_STATE);
  if (!saysItStarted(session)) missing.add(SESSION_STARTED);
  missing.check(SESSION_ENDING, lackOfClosing(session));
  if (of.inRoom && !hasRoomIO(session)) missing.add(ROOM_IO, '_roomIO');
}

/** Checks an agent when it first speaks. */
export function checkAgent(agent: voice.Agent, missing: MissingFacts): void {
  if (!hasNodes(agent)) missing.add(AGENT_NODES);
  if (!keepsItsHooks(agent)) missing.add(CREATED_AGENT);
  if (!canRemoveMessages(agent)) missing.add(AGENT_CHAT);
}
