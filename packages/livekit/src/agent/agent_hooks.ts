import { AsyncResource } from 'node:async_hooks';
import type { voice } from '@livekit/agents';
import type { Turn } from '@oncue/core';
import { messageOf } from '@oncue/core/internal';
import { isDefaultTtsNode } from '../livekit_internals/output/no_voice.ts';
import { llmNodeOf } from '../livekit_internals/session/created_agent.ts';
import { declareStream } from './declare_stream.ts';
import { DeclaringTurn } from './declaring_turn.ts';
import { speechOf } from './hooked_agents.ts';
import { audioOf, captionsOf } from './observed_streams.ts';
import type { Speech } from './speech.ts';
import { inTurn, turnStorage, UNTRACKED_TURN } from './turn_storage.ts';

/**
 * The four nodes of an agent through which text and audio of a response pass. They are wrapped on the agent itself, not
 * in a base class, so that every way to write an agent works: a subclass, an overridden node, `Agent.create`.
 *
 * Each wrapper looks up the speech it runs in; outside a speech of an attached session it does nothing. Where Oncue
 * itself fails, the node runs as if it were not wrapped [LK11].
 */

type Agent = voice.Agent;

const hooked = new WeakSet<Agent>();

/** Wraps the nodes of an agent. A second call for the same agent does nothing. */
export function hookAgent(agent: Agent): void {
  if (hooked.has(agent)) return;
  hooked.add(agent);
  hookLlmNode(agent);
  hookAudioNodes(agent);
  hookTranscriptionNode(agent);
}

function hookLlmNode(agent: Agent): void {
  if (typeof agent.llmNode !== 'function') return;
  const llmNode = llmNodeOf(agent);
  agent.llmNode = async (...args) => {
    const speech = speechOf(agent);
    if (!speech) return llmNode(...args);
    const turn = speech.failOpen.run('opening a turn', () => speech.openTurn(), undefined);
    const node = () => isolated(() => llmNode(...args));
    if (!turn) return inTurn(UNTRACKED_TURN, node);
    const declaring = new DeclaringTurn(turn);
    try {
      const stream = await turnStorage.run(declaring, node);
      if (stream) return declareStream(stream, speech, declaring);
    } catch (error) {
      endTurn(turn, speech, messageOf(error));
      throw error;
    }
    endTurn(turn, speech);
    return null;
  };
}

/** @param failure - why there is no answer, if there should have been one. */
function endTurn(turn: Turn, { failOpen, timeline }: Speech, failure?: string): void {
  failOpen.run(
    'ending a turn',
    () => {
      if (failure !== undefined) timeline.responseFailed(turn.addText('').id, failure);
      turn.close();
    },
    undefined,
  );
}

function hookAudioNodes(agent: Agent): void {
  const { ttsNode, realtimeAudioOutputNode } = agent;
  if (typeof ttsNode === 'function') {
    const isDefault = isDefaultTtsNode(ttsNode);
    agent.ttsNode = async (text, settings) => {
      const node = () => isolated(() => ttsNode.call(agent, text, settings));
      const speech = speechOf(agent);
      return speech ? audioOf(speech, node, { isDefault }) : ttsNode.call(agent, text, settings);
    };
  }
  if (typeof realtimeAudioOutputNode === 'function') {
    agent.realtimeAudioOutputNode = async (audio, settings) => {
      const node = () => isolated(() => realtimeAudioOutputNode.call(agent, audio, settings));
      const speech = speechOf(agent);
      if (!speech) return realtimeAudioOutputNode.call(agent, audio, settings);
      return audioOf(speech, node, { isDefault: false });
    };
  }
}

function hookTranscriptionNode(agent: Agent): void {
  const { transcriptionNode } = agent;
  if (typeof transcriptionNode !== 'function') return;
  agent.transcriptionNode = async (text, settings) => {
    const speech = speechOf(agent);
    if (!speech) return transcriptionNode.call(agent, text, settings);
    return captionsOf(speech, () => isolated(() => transcriptionNode.call(agent, text, settings)));
  };
}

/** Runs a node so that a speech which it starts itself, with `say` for one, does not take over the pipeline's context. */
function isolated<T>(node: () => T): T {
  return new AsyncResource('oncue.node').runInAsyncScope(node);
}
