import { AsyncResource } from 'node:async_hooks';
import { voice } from '@livekit/agents';
import type { Turn } from '@oncue/core';
import { messageOf } from '@oncue/core/internal';
import type { FailOpen } from '../fail_open.ts';
import { isDefaultTtsNode } from '../livekit_internals/output/no_voice.ts';
import {
  type NodeName,
  type NodeWrapping,
  wrapNode,
} from '../livekit_internals/session/agent_nodes.ts';
import { llmNodeOf } from '../livekit_internals/session/created_agent.ts';
import { declareStream } from './declare_stream.ts';
import { DeclaringTurn } from './declaring_turn.ts';
import { isOwned, noteDeclaring, speechOf } from './hooked_agents.ts';
import { audioOf, captionsOf } from './observed_streams.ts';
import type { Speech } from './speech.ts';
import { inTurn, turnStorage, UNTRACKED_TURN } from './turn_storage.ts';

/**
 * The four nodes of an agent through which text and audio of a response pass. They are wrapped on the agent itself, not
 * in a base class, so that every way to write an agent works: a subclass, an overridden node, `Agent.create`, a node that is
 * assigned at any time.
 *
 * Each wrapper looks up the speech it runs in; outside a speech of an attached session it does nothing. Where Oncue
 * itself fails, the node runs as if it were not wrapped [LK11].
 */

type Agent = voice.Agent;

/** Wraps the nodes of an agent, each by itself. Called many times for each agent. Never throws. */
export function hookAgent(agent: Agent, failOpen: FailOpen): void {
  const hook = <Name extends NodeName>(name: Name, wrapping: NodeWrapping<Name>): boolean =>
    failOpen.run(`wrapping ${name}`, () => wrapNode(agent, name, wrapping), false);
  if (hook('llmNode', LLM_NODE)) noteDeclaring(agent);
  hook('ttsNode', TTS_NODE);
  hook('realtimeAudioOutputNode', REALTIME_NODE);
  hook('transcriptionNode', TRANSCRIPTION_NODE);
}

const LLM_NODE: NodeWrapping<'llmNode'> = {
  bind: llmNodeOf,
  around:
    (agent, llmNode) =>
    async (...args) => {
      const speech = speechOf(agent);
      const node = () => isolated(() => llmNode(...args));
      // Its speech is not known. What it declares is ignored, and its text is spoken.
      if (!speech) return isOwned(agent) ? inTurn(UNTRACKED_TURN, node) : llmNode(...args);
      const turn = speech.failOpen.run('opening a turn', () => speech.openTurn(), undefined);
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
    },
};

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

const TTS_NODE: NodeWrapping<'ttsNode'> = {
  bind: (agent, node) => node.bind(agent),
  around: (agent, ttsNode, node) => {
    const isDefault = isDefaultTtsNode(node);
    return async (...args) => {
      const speech = speechOf(agent);
      if (!speech) return ttsNode(...args);
      return audioOf(speech, () => isolated(() => ttsNode(...args)), { isDefault });
    };
  },
};

const REALTIME_NODE: NodeWrapping<'realtimeAudioOutputNode'> = {
  bind: (agent, node) => node.bind(agent),
  around:
    (agent, realtimeNode) =>
    async (...args) => {
      const speech = speechOf(agent);
      if (!speech) return realtimeNode(...args);
      return audioOf(speech, () => isolated(() => realtimeNode(...args)), { isDefault: false });
    },
};

const TRANSCRIPTION_NODE: NodeWrapping<'transcriptionNode'> = {
  bind: (agent, node) => node.bind(agent),
  around: (agent, transcriptionNode, node) => {
    const isDefault = node === voice.Agent.prototype.transcriptionNode;
    return async (...args) => {
      const speech = speechOf(agent);
      if (!speech) return transcriptionNode(...args);
      return captionsOf(speech, () => isolated(() => transcriptionNode(...args)), { isDefault });
    };
  },
};

/** Runs a node so that a speech which it starts itself, with `say` for one, does not take over the pipeline's context. */
function isolated<T>(node: () => T): T {
  return new AsyncResource('oncue.node').runInAsyncScope(node);
}
