import type { llm } from '@livekit/agents';
import type { AgentStateName, BeginOptions } from '@oncue/core';

/** What a mark in an LLM stream declares. */
export type Declaration =
  | { readonly type: 'response'; readonly options: BeginOptions }
  | { readonly type: 'state'; readonly state: AgentStateName };

/**
 * Declarations travel in a side table, so a mark in the stream is a plain chunk with nothing in it: without Oncue the
 * pipeline passes over it (`performLLMInference` in `voice/generation.ts` skips a chunk without `delta`).
 */
const declarations = new WeakMap<object, Declaration>();

/**
 * A mark that begins the next response where it stands in a stream.
 *
 * For an `llmNode` that fills a `ReadableStream` by hand: `controller.enqueue(responseMark({ … }))`. In a generator
 * call `turn.begin` instead, which says the same.
 */
export function responseMark(options: BeginOptions = {}): llm.ChatChunk {
  return markOf({ type: 'response', options });
}

/** A mark that queues a state of the agent where it stands in a stream. @see responseMark */
export function agentStateMark(state: AgentStateName): llm.ChatChunk {
  return markOf({ type: 'state', state });
}

/** What a chunk declares, if it is a mark. */
export function declarationOf(chunk: unknown): Declaration | undefined {
  return typeof chunk === 'object' && chunk !== null ? declarations.get(chunk) : undefined;
}

function markOf(declaration: Declaration): llm.ChatChunk {
  const chunk: llm.ChatChunk = { id: 'oncue_mark' };
  declarations.set(chunk, declaration);
  return chunk;
}
