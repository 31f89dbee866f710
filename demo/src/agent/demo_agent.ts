import type { ReadableStream } from 'node:stream/web';
import { llm, voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { streamText } from '@oncue/embedded';
import { type AgentTurn, type LlmChunk, OncueAgent } from '@oncue/livekit';
import type { VoiceTap } from '../judge/voice_tap.ts';
import type { Scene } from './scenes.ts';

/** What the agent needs from the demo. */
export interface DemoStage {
  /** The current scene. */
  readonly scene: () => Scene;
  readonly tap: VoiceTap;
  /** Called on the first line of every background task. */
  readonly taskRan: (responseId: string, name: string) => void;
}

/** Plays the script: each turn gives the responses of the current scene. */
export class DemoAgent extends OncueAgent {
  readonly #stage: DemoStage;

  constructor(stage: DemoStage) {
    super({
      instructions: 'You play a script.',
      tools: {
        find_train: llm.tool({
          description: 'Looks up the next train.',
          execute: async () => '16:10',
        }),
      },
    });
    this.#stage = stage;
  }

  protected override async *respond(
    turn: AgentTurn,
    chatCtx: llm.ChatContext,
    toolCtx: llm.ToolContext,
    settings: voice.ModelSettings,
  ): AsyncGenerator<LlmChunk> {
    const isAfterTool = chatCtx.items.at(-1)?.type === 'function_call_output';
    for (const step of this.#stage.scene().steps) {
      if (step.type === 'llm') {
        if (isAfterTool) this.#begin(turn, step.task);
        yield* this.defaultAnswer(chatCtx, toolCtx, settings);
      } else if (isAfterTool) {
        // The answer to a tool's result is a turn of its own. The steps before the call are not repeated.
      } else if (step.type === 'state') {
        turn.queueAgentState(step.state);
      } else {
        this.#begin(turn, step.task);
        yield* streamText(step.text, { tokensPerSecond: 60, firstTokenMs: 250 });
      }
    }
  }

  #begin(turn: AgentTurn, task: string): void {
    turn.begin({
      metadata: { task },
      onPlaybackStarted: (event) => this.#stage.taskRan(event.responseId, task),
    });
  }

  override async ttsNode(
    text: ReadableStream<string> | AsyncIterable<string>,
    settings: voice.ModelSettings,
  ): Promise<ReadableStream<AudioFrame> | null> {
    return this.#stage.tap.tap(text, (tapped) => super.ttsNode(tapped, settings));
  }

  /** The demo has no speech recognition: the user's voice only interrupts, and is not answered. */
  override async onUserTurnCompleted(): Promise<void> {
    throw new voice.StopResponse();
  }
}
