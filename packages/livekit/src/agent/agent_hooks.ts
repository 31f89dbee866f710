import { AsyncResource } from 'node:async_hooks';
import type { voice } from '@livekit/agents';
import type { Turn } from '@oncue/core';
import { messageOf } from '@oncue/core/internal';
import type { FailOpen } from '../fail_open.ts';
import { memberOf } from '../livekit_internals/members.ts';
import { isDefaultTtsNode } from '../livekit_internals/output/no_voice.ts';
import { llmNodeOf } from '../livekit_internals/session/created_agent.ts';
import { declareStream } from './declare_stream.ts';
import { DeclaringTurn } from './declaring_turn.ts';
import { isOwned, noteDeclaring, speechOf } from './hooked_agents.ts';
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

const HOOKS = {
  llmNode: hookLlmNode,
  ttsNode: hookTtsNode,
  realtimeAudioOutputNode: hookRealtimeNode,
  transcriptionNode: hookTranscriptionNode,
} as const;

/** Wraps the nodes of an agent, each by itself. A second call for the same agent does nothing. Never throws. */
export function hookAgent(agent: Agent, failOpen: FailOpen): void {
  if (hooked.has(agent)) return;
  hooked.add(agent);
  for (const [name, hook] of Object.entries(HOOKS))
    if (typeof memberOf(agent, name) === 'function')
      failOpen.run(`wrapping ${name}`, () => hook(agent), undefined);
}

function hookLlmNode(agent: Agent): void {
  const llmNode = llmNodeOf(agent);
  agent.llmNode = async (...args) => {
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
  };
  noteDeclaring(agent);
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

function hookTtsNode(agent: Agent): void {
  const { ttsNode } = agent;
  const isDefault = isDefaultTtsNode(ttsNode);
  agent.ttsNode = async (...args) => {
    const node = () => isolated(() => ttsNode.apply(agent, args));
    const speech = speechOf(agent);
    return speech ? audioOf(speech, node, { isDefault }) : ttsNode.apply(agent, args);
  };
}

function hookRealtimeNode(agent: Agent): void {
  const { realtimeAudioOutputNode } = agent;
  agent.realtimeAudioOutputNode = async (...args) => {
    const node = () => isolated(() => realtimeAudioOutputNode.apply(agent, args));
    const speech = speechOf(agent);
    if (!speech) return realtimeAudioOutputNode.apply(agent, args);
    return audioOf(speech, node, { isDefault: false });
  };
}

function hookTranscriptionNode(agent: Agent): void {
  const { transcriptionNode } = agent;
  agent.transcriptionNode = async (...args) => {
    const speech = speechOf(agent);
    if (!speech) return transcriptionNode.apply(agent, args);
    return captionsOf(speech, () => isolated(() => transcriptionNode.apply(agent, args)));
  };
}

/** Runs a node so that a speech which it starts itself, with `say` for one, does not take over the pipeline's context. */
function isolated<T>(node: () => T): T {
  return new AsyncResource('oncue.node').runInAsyncScope(node);
}
