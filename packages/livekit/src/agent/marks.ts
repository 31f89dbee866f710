import type { llm } from '@livekit/agents';
import type { AgentStateName, BeginOptions } from '@oncue/core';

/** What a mark in an LLM stream declares. */
export type Declaration =
  | { readonly type: 'response'; readonly options: BeginOptions }
  | { readonly type: 'state'; readonly state: AgentStateName };

/**
 * What each mark declares is kept in this table, so a mark in the stream is an empty chunk. Without Oncue the pipeline
 * ignores it: `performLLMInference` in `voice/generation.ts` skips a chunk without `delta`.
 */
const declarations = new WeakMap<object, Declaration>();

/**
 * Makes a mark that begins the next response at its place in a stream.
 *
 * For an `llmNode` that fills a `ReadableStream` by hand: `controller.enqueue(responseMark({ … }))`. In a generator,
 * call `turn.begin` instead.
 */
export function responseMark(options: BeginOptions = {}): llm.ChatChunk {
  return markOf({ type: 'response', options });
}

/** Makes a mark that queues an agent state at its place in a stream. @see responseMark */
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
