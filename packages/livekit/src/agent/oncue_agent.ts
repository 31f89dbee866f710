import type { ReadableStream } from 'node:stream/web';
import { type llm, voice } from '@livekit/agents';
import type { LlmChunk } from './declare_stream.ts';
import type { AgentTurn } from './declaring_turn.ts';
import { currentTurn } from './speech.ts';
import { streamFrom } from './stream_from.ts';

/**
 * An agent whose turns read as a plain async generator. It is a convenience: any other agent may call `currentTurn()`
 * inside its own `llmNode`.
 */
export abstract class OncueAgent<UserData = unknown> extends voice.Agent<UserData> {
  /**
   * Makes the answers of one turn: `turn.begin()` before each, then its text.
   *
   * Runs once a turn, and once more after each round of tool calls. Errors thrown here fail the response that is open.
   */
  protected abstract respond(
    turn: AgentTurn,
    chatCtx: llm.ChatContext,
    toolCtx: llm.ToolContext,
    settings: voice.ModelSettings,
  ): AsyncIterable<LlmChunk>;

  /** The answer of the session's own LLM, to `yield*` inside `respond`. */
  protected async *defaultAnswer(
    chatCtx: llm.ChatContext,
    toolCtx: llm.ToolContext,
    settings: voice.ModelSettings,
  ): AsyncGenerator<LlmChunk> {
    const stream = await voice.Agent.default.llmNode(this, chatCtx, toolCtx, settings);
    if (stream) yield* stream;
  }

  /** @throws OncueError `ONCUE_NO_TURN` in a session without `attachOncue`. */
  override async llmNode(
    chatCtx: llm.ChatContext,
    toolCtx: llm.ToolContext,
    settings: voice.ModelSettings,
  ): Promise<ReadableStream<LlmChunk> | null> {
    return streamFrom(
      this.respond(currentTurn(), chatCtx, toolCtx, settings)[Symbol.asyncIterator](),
    );
  }
}
