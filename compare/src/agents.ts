import { ReadableStream } from 'node:stream/web';
import { FlushSentinel, llm, voice } from '@livekit/agents';
import type { Clock } from '@oncue/core';
import { ScriptedLLM } from '@oncue/embedded';
import { currentTurn } from '@oncue/livekit';
import { RealtimeWords } from './fakes/realtime_words.ts';
import type { WordsTTS } from './fakes/words_tts.ts';
import type { PromiseOrder } from './promise_order.ts';
import type { AgentForm, ResponsePlan, Scenario, TurnPlan } from './scenario.ts';

type LlmChunk = llm.ChatChunk | string | typeof FlushSentinel;

/** What a scripted agent did, for the judge. */
export interface AgentLog {
  /** Tools in the order in which they ran. */
  readonly tools: string[];
  /** Tasks bound to responses, in the order in which they ran: `turn.response`. */
  readonly tasks: { readonly key: string; readonly atMs: number }[];
  /** What the model was asked with, a prompt a turn: the assistant's part of it. */
  readonly prompts: { readonly text: string; readonly atMs: number }[];
}

/** Which of the two is run. */
export type SideName = 'plain' | 'oncue';

/** An agent that says what the scenario plans, in the form in which the application writes it. */
export class AgentScript {
  readonly log: AgentLog = { tools: [], tasks: [], prompts: [] };
  readonly #scenario: Scenario;
  readonly #clock: Clock;
  readonly #side: SideName;
  readonly #order: PromiseOrder;
  readonly #voice: WordsTTS;
  #turnCount = 0;

  constructor(of: {
    readonly scenario: Scenario;
    readonly side: SideName;
    readonly clock: Clock;
    readonly order: PromiseOrder;
    readonly voice: WordsTTS;
  }) {
    this.#scenario = of.scenario;
    this.#side = of.side;
    this.#clock = of.clock;
    this.#order = of.order;
    this.#voice = of.voice;
  }

  /** The model of the session: it speaks where the agent overrides no `llmNode`. */
  model(): llm.LLM | llm.RealtimeModel {
    if (this.#scenario.isRealtime)
      return new RealtimeWords(
        (chatCtx) => this.#nextTurn(chatCtx).plan.responses.map(textOf),
        this.#voice,
      );
    return new ScriptedLLM({
      script: ({ chatCtx }) => {
        const { responses } = this.#nextTurn(chatCtx).plan;
        return responses.map(textOf).join('');
      },
      firstTokenMs: 0,
      tokensPerSecond: Number.POSITIVE_INFINITY,
    });
  }

  agent(): voice.Agent {
    const { form } = this.#scenario;
    return form === 'create' ? this.#created() : this.#subclassed(form);
  }

  #nextTurn(chatCtx: llm.ChatContext): { readonly plan: TurnPlan; readonly index: number } {
    const text = chatCtx.items
      .flatMap((item) =>
        item.type === 'message' && item.role === 'assistant' ? [item.textContent ?? ''] : [],
      )
      .join(' | ');
    this.log.prompts.push({ text, atMs: this.#clock.nowMs() });
    const { turns } = this.#scenario;
    const index = Math.min(this.#turnCount, turns.length - 1);
    this.#turnCount += 1;
    const plan = turns[index];
    if (!plan) throw new Error('the scenario plans no turn');
    return { plan, index };
  }

  #created(): voice.Agent {
    const say = (chatCtx: llm.ChatContext) => this.#say(chatCtx);
    return voice.Agent.create({
      instructions: '',
      tools: this.#tools(),
      llmNode: async function* (_ctx: unknown, chatCtx: llm.ChatContext) {
        // An agent of this form cannot flush; declared responses are separated all the same.
        for await (const piece of say(chatCtx)) if (piece !== FlushSentinel) yield piece;
      },
    });
  }

  #subclassed(form: Exclude<AgentForm, 'create'>): voice.Agent {
    const script = this;
    const options = { instructions: '', tools: script.#tools() };
    class Speaks extends voice.Agent {
      override async llmNode(chatCtx: llm.ChatContext): Promise<ReadableStream<LlmChunk>> {
        return onDemand(script.#say(chatCtx));
      }
    }
    class Shouts extends Speaks {
      override async transcriptionNode(
        ...[text]: Parameters<voice.Agent['transcriptionNode']>
      ): Promise<ReadableStream<string>> {
        return ReadableStream.from(upperCase(text));
      }
    }
    class Voices extends Speaks {
      override async ttsNode(
        ...[text, settings]: Parameters<voice.Agent['ttsNode']>
      ): ReturnType<voice.Agent['ttsNode']> {
        return voice.Agent.default.ttsNode(this, text, settings);
      }
    }
    switch (form) {
      case 'llm':
        return new voice.Agent(options);
      case 'transcriptionNode':
        return new Shouts(options);
      case 'ttsNode':
        return new Voices(options);
      default:
        return new Speaks(options);
    }
  }

  #tools(): llm.ToolContext {
    const tools = this.#scenario.turns.flatMap((plan) =>
      plan.tool === undefined
        ? []
        : [
            llm.tool({
              name: plan.tool,
              description: 'writes down that it ran',
              execute: (_: unknown, { ctx }: llm.ToolOptions) => this.#runTool(plan, ctx),
            }),
          ],
    );
    return tools as unknown as llm.ToolContext;
  }

  async #runTool(plan: TurnPlan, ctx: llm.ToolOptions['ctx']): Promise<unknown> {
    const { tool = '', toolSays, toolReplies, taskSays, toolWaits, toolHandsOff } = plan;
    this.log.tools.push(tool);
    if (toolWaits) await ctx.waitForPlayout();
    if (toolSays !== undefined) ctx.session.say(toolSays);
    if (toolReplies) ctx.session.generateReply({ instructions: 'say that it takes time' });
    if (taskSays !== undefined) await new SaysOnce(taskSays).run();
    if (toolHandsOff) return llm.handoff({ agent: this.agent(), returns: 'handed over' });
    return 'done';
  }

  async *#say(chatCtx: llm.ChatContext): AsyncGenerator<LlmChunk> {
    const { plan, index } = this.#nextTurn(chatCtx);
    for (const [place, one] of plan.responses.entries()) {
      this.#separate(one, `${index}.${place}`, place);
      if (place > 0 && !this.#declares) yield FlushSentinel;
      yield* this.#write(one);
    }
    if (plan.tool === undefined) return;
    const call = llm.FunctionCall.create({ callId: `call_${index}`, name: plan.tool, args: '{}' });
    yield { id: `chunk_${index}`, delta: { role: 'assistant', toolCalls: [call] } };
  }

  async *#write({ chunks }: ResponsePlan): AsyncGenerator<string> {
    for (const { text, afterMs = 0, thenFails } of chunks) {
      if (afterMs > 0) await this.#passed(afterMs);
      if (this.#order.isDrawn) await this.#order.waitForOthers();
      if (text !== '') yield text;
      if (thenFails) throw new Error('the model failed, as planned');
    }
  }

  get #declares(): boolean {
    return this.#side === 'oncue' && ['declares', 'create'].includes(this.#scenario.form);
  }

  #separate({ stateBefore }: ResponsePlan, key: string, place: number): void {
    if (!this.#declares) return;
    const turn = currentTurn();
    if (stateBefore && place > 0) turn.queueAgentState(stateBefore);
    turn.begin({
      metadata: key,
      onPlaybackStarted: () => {
        this.log.tasks.push({ key, atMs: this.#clock.nowMs() });
      },
    });
  }

  #passed(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.schedule(ms, resolve);
    });
  }
}

/** A task that says one thing and is done. */
class SaysOnce extends voice.AgentTask<string> {
  readonly #text: string;

  constructor(text: string) {
    super({ instructions: '' });
    this.#text = text;
  }

  override async onEnter(): Promise<void> {
    await this.session.say(this.#text).waitForPlayout();
    this.complete('done');
  }
}

function textOf({ chunks }: ResponsePlan): string {
  return chunks.map(({ text }) => text).join('');
}

/** Read one piece at a time, as a model's stream is. */
function onDemand(pieces: AsyncGenerator<LlmChunk>): ReadableStream<LlmChunk> {
  return new ReadableStream<LlmChunk>(
    {
      pull: async (controller) => {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

async function* upperCase(text: AsyncIterable<string | voice.TimedString>): AsyncGenerator<string> {
  for await (const chunk of text)
    yield (typeof chunk === 'string' ? chunk : chunk.text).toUpperCase();
}
