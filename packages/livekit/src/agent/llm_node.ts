import { ReadableStream } from 'node:stream/web';
import type { llm, voice } from '@livekit/agents';
import type { LlmChunk } from './declare_stream.ts';
import { streamFrom } from './stream_from.ts';

/** An agent's `llmNode`, bound to the agent. */
export type LlmNode = (
  chatCtx: llm.ChatContext,
  toolCtx: llm.ToolContext,
  settings: voice.ModelSettings,
) => Promise<ReadableStream<LlmChunk> | null>;

/** Where an agent of `Agent.create` keeps what it was given; `test/livekit_internals/livekit_contract.test.ts` watches over it. */
interface CreatedAgent {
  readonly hookAdapter?: {
    readonly context: unknown;
    readonly hooks: {
      readonly llmNode?: (
        context: unknown,
        ...args: Parameters<LlmNode>
      ) => Promise<NodeResult> | NodeResult;
    };
  };
}

type NodeResult = ReadableStream<LlmChunk> | AsyncIterable<LlmChunk> | null;

/**
 * The `llmNode` of an agent, as a stream that is read on demand.
 *
 * `Agent.create` runs a generator ahead of whoever reads it (`toStream` in LiveKit's `utils.ts`). What the generator
 * declares would come before the text it yielded first, so it is asked for here without that step.
 */
export function llmNodeOf(agent: voice.Agent): LlmNode {
  const adapter = (agent as unknown as CreatedAgent).hookAdapter;
  const created = adapter?.hooks.llmNode;
  if (!created) return agent.llmNode.bind(agent);
  return async (...args) => {
    const result = await created(adapter.context, ...args);
    if (result === null || result instanceof ReadableStream) return result;
    return streamFrom(result[Symbol.asyncIterator]());
  };
}
