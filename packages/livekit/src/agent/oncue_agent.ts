import type { ReadableStream } from 'node:stream/web';
import { type llm, voice } from '@livekit/agents';
import type { AgentStateName } from '@oncue/core';
import type { LlmChunk } from './declare_stream.ts';
import type { AgentTurn } from './declaring_turn.ts';
import { turnOf } from './hooked_agents.ts';
import { streamFrom } from './stream_from.ts';

/**
 * An agent whose turns read as a plain async generator, `respond`. It is a convenience: any other agent may call
 * `currentTurn()` inside its own `llmNode`.
 *
 * A subclass may also override `llmNode`, as a generator too: Oncue reads it on demand. TypeScript refuses `async
 * *llmNode`, since LiveKit declares that `llmNode` returns a `Promise` of a stream; there write `async *respond`.
 */
export abstract class OncueAgent<UserData = unknown> extends voice.Agent<UserData> {
  /**
   * Makes the answers of one turn: `turn.begin()` before each, then its text. Default: the answer of the session's LLM.
   *
   * Runs once a turn, and once more after each round of tool calls. Errors thrown here fail the response that is open.
   */
  protected respond(
    _turn: AgentTurn,
    chatCtx: llm.ChatContext,
    toolCtx: llm.ToolContext,
    settings: voice.ModelSettings,
  ): AsyncIterable<LlmChunk> {
    return this.defaultAnswer(chatCtx, toolCtx, settings);
  }

  /** The answer of the session's own LLM, to `yield*` inside `respond`. */
  protected async *defaultAnswer(
    chatCtx: llm.ChatContext,
    toolCtx: llm.ToolContext,
    settings: voice.ModelSettings,
  ): AsyncGenerator<LlmChunk> {
    const stream = await voice.Agent.default.llmNode(this, chatCtx, toolCtx, settings);
    if (stream) yield* stream;
  }

  /**
   * Queues a state of the agent where it is called in `respond` or `llmNode`. It takes effect when the listener has heard
   * everything that was yielded before, and before anything yielded after it is heard [SQ1].
   *
   * @throws OncueError `ONCUE_NO_TURN` outside a turn, or in a session without `attachOncue`; `ONCUE_UNKNOWN_STATE`;
   *   `ONCUE_TURN_ENDED`.
   */
  queueAgentState(state: AgentStateName): void {
    turnOf(this).queueAgentState(state);
  }

  /** @throws OncueError `ONCUE_NO_TURN` in a session without `attachOncue`. */
  override async llmNode(
    chatCtx: llm.ChatContext,
    toolCtx: llm.ToolContext,
    settings: voice.ModelSettings,
  ): Promise<ReadableStream<LlmChunk> | null> {
    return streamFrom(
      this.respond(turnOf(this), chatCtx, toolCtx, settings)[Symbol.asyncIterator](),
    );
  }
}
