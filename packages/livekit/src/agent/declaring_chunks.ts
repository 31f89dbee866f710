import type { llm } from '@livekit/agents';
import type { AgentStateName, BeginOptions, MarkOptions } from '@oncue/core';

/** What a chunk in an LLM stream declares. */
export type Declaration =
  | { readonly type: 'response'; readonly options: BeginOptions }
  | { readonly type: 'mark'; readonly name: string; readonly options: MarkOptions }
  | { readonly type: 'state'; readonly state: AgentStateName };

/**
 * What each declaring chunk declares is kept in this table, so in the stream it is an empty chunk. Without Oncue the pipeline
 * ignores it: `performLLMInference` in `voice/generation.ts` skips a chunk without `delta`.
 */
const declarations = new WeakMap<object, Declaration>();

/**
 * Makes a chunk that begins the next response at its place in a stream.
 *
 * For an `llmNode` that fills a `ReadableStream` by hand: `controller.enqueue(beginChunk({ … }))`. In a generator,
 * call `turn.begin` instead.
 */
export function beginChunk(options: BeginOptions = {}): llm.ChatChunk {
  return chunkOf({ type: 'response', options });
}

/** Makes a chunk that marks its place in a stream, as `turn.mark` does. @see beginChunk */
export function markChunk(name: string, options: MarkOptions = {}): llm.ChatChunk {
  return chunkOf({ type: 'mark', name, options });
}

/** Makes a chunk that queues an agent state at its place in a stream. @see beginChunk */
export function agentStateChunk(state: AgentStateName): llm.ChatChunk {
  return chunkOf({ type: 'state', state });
}

/** What a chunk declares, if it declares something. */
export function declarationOf(chunk: unknown): Declaration | undefined {
  return typeof chunk === 'object' && chunk !== null ? declarations.get(chunk) : undefined;
}

function chunkOf(declaration: Declaration): llm.ChatChunk {
  const chunk: llm.ChatChunk = { id: 'oncue_declaration' };
  declarations.set(chunk, declaration);
  return chunk;
}
