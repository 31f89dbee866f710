import type { voice } from '@livekit/agents';
import type { InternalFact } from '../internal_fact.ts';
import { lackOf } from '../members.ts';

/**
 * The pipeline calls the nodes on the agent itself, `this.agent.ttsNode(…)`, so a node that is replaced on one agent is
 * the one that runs.
 */
export const AGENT_NODES: InternalFact = {
  name: 'llmNode, ttsNode, transcriptionNode and realtimeAudioOutputNode of Agent',
  source: 'voice/agent.ts, voice/agent_activity.ts',
  lost: 'the responses of a turn cannot be told apart where that node is missing',
};

const NODES = {
  llmNode: 'function',
  ttsNode: 'function',
  transcriptionNode: 'function',
  realtimeAudioOutputNode: 'function',
} as const;

/** Whether an agent has the four nodes that text and audio pass through. */
export function hasNodes(agent: voice.Agent): boolean {
  return lackOf(agent, NODES) === undefined;
}
