import { llm, type voice } from '@livekit/agents';
import type { TaskTiming } from '@oncue/core';
import { streamText } from '@oncue/embedded';
import { type AgentTurn, type LlmChunk, OncueAgent } from '@oncue/livekit';
import { DEMO_SCENARIOS, FALLBACK, type Step, TRAIN_TOOL } from './demo_scenarios.ts';

/** How fast the scripted model writes. */
const PACE = { tokensPerSecond: 40, firstTokenMs: 120 } as const;

/** How long a background task of the demo takes: long enough to be visible on the timeline. */
const TASK_MS = 700;

/** The agent of a studio without an agent file: it plays `DEMO_SCENARIOS`, and asks a model if there is one. */
export class DemoAgent extends OncueAgent {
  readonly #hasModel: boolean;

  constructor(of: { readonly hasModel: boolean }) {
    super({
      instructions:
        'You are the demo of Oncue, which knows how much of a voice agent was really heard. Answer in one or two short spoken sentences, no markup.',
      tools: {
        [TRAIN_TOOL]: llm.tool({
          description: 'Looks up the next train.',
          execute: async () => {
            await pause(400);
            return '16:10, platform 9';
          },
        }),
      },
    });
    this.#hasModel = of.hasModel;
  }

  protected override async *respond(
    turn: AgentTurn,
    chatCtx: llm.ChatContext,
    toolCtx: llm.ToolContext,
    settings: voice.ModelSettings,
  ): AsyncGenerator<LlmChunk> {
    const asked = lastUserText(chatCtx);
    const scenario = DEMO_SCENARIOS.find(({ match }) => match.test(asked));
    const isAfterTool = chatCtx.items.at(-1)?.type === 'function_call_output';
    if (isAfterTool || (!scenario && this.#hasModel)) {
      turn.begin(responseOptions({ title: 'Answer', task: 'show the card' }));
      yield* this.defaultAnswer(chatCtx, toolCtx, settings);
      return;
    }
    for (const step of scenario?.steps ?? FALLBACK) {
      if (step.type === 'tool_call') yield* this.defaultAnswer(chatCtx, toolCtx, settings);
      else yield* play(turn, step);
    }
  }
}

async function* play(
  turn: AgentTurn,
  step: Exclude<Step, { readonly type: 'tool_call' }>,
): AsyncGenerator<LlmChunk> {
  switch (step.type) {
    case 'state':
      turn.queueAgentState(step.state);
      return;
    case 'wait':
      await pause(step.forMs);
      return;
    case 'response':
      turn.begin(responseOptions(step));
      yield* streamText(step.text, PACE);
  }
}

function responseOptions(of: {
  readonly title: string;
  readonly task?: string;
  readonly abortOnCut?: boolean;
  readonly timing?: TaskTiming;
}): Parameters<AgentTurn['begin']>[0] {
  const { title, task, abortOnCut = false, timing = 'confirmed' } = of;
  if (task === undefined) return { metadata: { title } };
  return {
    metadata: { title, task },
    task: {
      run: (_event, signal) => pause(abortOnCut ? 60_000 : TASK_MS, signal),
      timing,
      abortOnCut,
    },
  };
}

function lastUserText(chatCtx: llm.ChatContext): string {
  const said = chatCtx.items.filter((item) => item.type === 'message' && item.role === 'user');
  const last = said.at(-1);
  return last?.type === 'message' ? (last.textContent ?? '') : '';
}

/** Resolves early, without an error, if the signal aborts. */
function pause(forMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, forMs);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
