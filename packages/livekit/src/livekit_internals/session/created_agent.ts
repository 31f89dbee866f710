import { ReadableStream } from 'node:stream/web';
import { type llm, voice } from '@livekit/agents';
import type { LlmChunk } from '../../agent/declare_stream.ts';
import { streamFrom } from '../../agent/stream_from.ts';
import type { InternalFact } from '../internal_fact.ts';
import { lackOf, memberOf } from '../members.ts';

/**
 * Where an agent of `Agent.create` keeps the functions it was given.
 *
 * `Agent.create` runs a generator ahead of whoever reads it (`toStream` in LiveKit's `utils.ts`). What the generator
 * declares would then come before the text that it yielded first.
 */
export const CREATED_AGENT: InternalFact = {
  name: 'hookAdapter of Agent.create',
  source: 'voice/agent_v2.ts',
  lost: 'responses and states that the llmNode of Agent.create declares come too early in the text',
};

/** An agent's `llmNode`, bound to the agent. Reading its stream is what runs it. */
export type LlmNode = (
  chatCtx: llm.ChatContext,
  toolCtx: llm.ToolContext,
  settings: voice.ModelSettings,
) => Promise<ReadableStream<LlmChunk> | null>;

interface HookAdapter {
  readonly context: unknown;
  readonly hooks: {
    llmNode?: (context: unknown, ...args: Parameters<LlmNode>) => Promise<NodeResult> | NodeResult;
  };
}

/** What an `llmNode` gives LiveKit. */
export type NodeResult = ReadableStream<LlmChunk> | AsyncIterable<LlmChunk> | null;

/** Whether an agent is either no agent of `Agent.create`, or keeps its functions where they are looked for. Makes an agent. */
export function keepsItsHooks(agent: object): boolean {
  return adapterOf(agent) !== undefined || !isCreated(agent);
}

/**
 * The `llmNode` of an agent, as a stream that is read on demand. A node that returns a generator, which LiveKit itself
 * takes only in `Agent.create`, is taken everywhere.
 *
 * @param node - what the agent has as `llmNode`: of its class, or assigned.
 */
export function llmNodeOf(agent: voice.Agent, node: voice.Agent['llmNode']): LlmNode {
  const { hooks, context } = adapterOf(agent) ?? {};
  const created = isOfItsClass(agent, node) ? hooks?.llmNode : undefined;
  if (created) return async (...args) => toStream(await created(context, ...args));
  return async (...args) => toStream(await node.apply(agent, args));
}

/**
 * Puts something around an agent's `llmNode`, where LiveKit and Oncue then find it.
 *
 * @param around - gets the node, ready to run, and gives what is to be read instead of its result.
 */
export function wrapLlmNode(
  agent: voice.Agent,
  around: (node: () => Promise<NodeResult>) => Promise<NodeResult>,
): void {
  const hooks = adapterOf(agent)?.hooks;
  const created = hooks?.llmNode;
  if (hooks && created && isOfItsClass(agent, agent.llmNode)) {
    hooks.llmNode = (context, ...args) => around(async () => await created(context, ...args));
    return;
  }
  const own = agent.llmNode.bind(agent);
  // LiveKit's type leaves out the generator, which Oncue takes too.
  agent.llmNode = (...args) => around(() => own(...args)) as ReturnType<LlmNode>;
}

function toStream(result: NodeResult): ReadableStream<LlmChunk> | null {
  if (result === null || result instanceof ReadableStream) return result;
  return streamFrom(result[Symbol.asyncIterator]());
}

/** An application may assign an `llmNode` to an agent of `Agent.create` too. That one is then the agent's. */
function isOfItsClass(agent: object, node: unknown): boolean {
  return memberOf(Object.getPrototypeOf(agent), 'llmNode') === node;
}

function adapterOf(agent: object): HookAdapter | undefined {
  const adapter = memberOf(agent, 'hookAdapter');
  const isKnown = lackOf(adapter, { hooks: 'object', context: 'object' }) === undefined;
  if (!isKnown) return undefined;
  const { hooks, context } = adapter as HookAdapter;
  return { hooks, context };
}

/** `Agent.create` makes a class of its own for each agent and does not export it: only its source text can be compared. Never throws. */
function isCreated(agent: object): boolean {
  try {
    const created = voice.Agent.create({ instructions: '' });
    return String(agent.constructor) === String(created.constructor);
  } catch {
    return false;
  }
}
