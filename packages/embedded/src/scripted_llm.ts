import { type APIConnectOptions, DEFAULT_API_CONNECT_OPTIONS, llm } from '@livekit/agents';
import { systemClock, wait } from './clock.ts';
import { EmbeddedError } from './errors.ts';
import { checkPace, streamText, type TextPace } from './stream_text.ts';

/** Calls one tool. */
export interface ScriptedToolCall {
  readonly type: 'tool_call';
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The answer to the tool's result. Default: the script is asked again. */
  readonly followUp?: ScriptedReply;
}

/** What a `ScriptedLLM` answers. A plain string is a text. */
export type ScriptedReply =
  | string
  | { readonly type: 'text'; readonly text: string }
  | ScriptedToolCall
  /** Fails with `EMBEDDED_SCRIPTED_FAILURE`. */
  | { readonly type: 'error'; readonly message: string };

/** The request that a script answers. */
export interface ScriptedRequest {
  /** Text of the last user message; empty if there is none. */
  readonly userText: string;
  /** Results of tool calls after that message, oldest first. */
  readonly toolOutputs: readonly { readonly name: string; readonly output: string }[];
  readonly chatCtx: llm.ChatContext;
}

/** A reply and when to give it. */
export interface ScriptedRule {
  /** A string matches if the user's text contains it; case does not matter. */
  readonly match: string | RegExp;
  readonly reply: ScriptedReply;
}

/**
 * A function from request to reply, or a list of rules of which the first match is used. Where the
 * function returns undefined or no rule matches, the request fails with `EMBEDDED_NO_REPLY`.
 */
export type Script =
  | ((request: ScriptedRequest) => ScriptedReply | undefined)
  | readonly ScriptedRule[];

/** The script of a `ScriptedLLM` and its pace. */
export interface ScriptedOptions extends TextPace {
  readonly script: Script;
}

/**
 * A LiveKit LLM that follows a script, for demos and tests with no key and no model.
 *
 * Deterministic: the same requests in the same order give the same chunks with the same ids. To give
 * several responses in a turn, have the agent's `llmNode` write each of them with `streamText`.
 */
export class ScriptedLLM extends llm.LLM {
  readonly #options: ScriptedOptions;
  /** The answers to tool results, by the id of the call. */
  readonly #followUps = new Map<string, ScriptedReply>();
  #requestCount = 0;
  #callCount = 0;

  /** @throws {EmbeddedError} `EMBEDDED_BAD_OPTION`. */
  constructor(options: ScriptedOptions) {
    super();
    checkPace(options);
    this.#options = options;
  }

  override label(): string {
    return 'oncue.ScriptedLLM';
  }

  override get model(): string {
    return 'script';
  }

  override get provider(): string {
    return 'oncue';
  }

  override chat({ chatCtx, toolCtx, connOptions }: Parameters<llm.LLM['chat']>[0]): llm.LLMStream {
    this.#requestCount += 1;
    const id = `scripted_${this.#requestCount}`;
    const base = {
      chatCtx,
      connOptions: connOptions ?? DEFAULT_API_CONNECT_OPTIONS,
      ...(toolCtx ? { toolCtx } : {}),
    };
    return new ScriptedStream(this, base, {
      id,
      pace: this.#options,
      reply: () => this.#replyTo(chatCtx),
      call: this.#call,
    });
  }

  readonly #call = (reply: ScriptedToolCall): llm.FunctionCall => {
    this.#callCount += 1;
    const callId = `scripted_call_${this.#callCount}`;
    if (reply.followUp !== undefined) this.#followUps.set(callId, reply.followUp);
    return llm.FunctionCall.create({ callId, name: reply.name, args: JSON.stringify(reply.args) });
  };

  #replyTo(chatCtx: llm.ChatContext): ScriptedReply {
    const last = chatCtx.items.at(-1);
    const followUp =
      last?.type === 'function_call_output' ? this.#followUps.get(last.callId) : undefined;
    if (followUp !== undefined) return followUp;

    const request = requestOf(chatCtx);
    const { script } = this.#options;
    const reply =
      typeof script === 'function'
        ? script(request)
        : script.find((rule) => matches(rule.match, request.userText))?.reply;
    if (reply === undefined) {
      throw new EmbeddedError(
        'EMBEDDED_NO_REPLY',
        'the script has no reply to this request; add a last rule that matches anything: /^/',
      );
    }
    return reply;
  }
}

interface ScriptedTurn {
  readonly id: string;
  readonly pace: TextPace;
  readonly reply: () => ScriptedReply;
  readonly call: (reply: ScriptedToolCall) => llm.FunctionCall;
}

class ScriptedStream extends llm.LLMStream {
  readonly #turn: ScriptedTurn;

  constructor(
    owner: llm.LLM,
    base: {
      chatCtx: llm.ChatContext;
      toolCtx?: llm.ToolContextLike;
      connOptions: APIConnectOptions;
    },
    turn: ScriptedTurn,
  ) {
    super(owner, base);
    this.#turn = turn;
  }

  protected override async run(): Promise<void> {
    const { pace, reply: getReply, call } = this.#turn;
    const answer = getReply();
    const reply = typeof answer === 'string' ? ({ type: 'text', text: answer } as const) : answer;
    const { signal } = this.abortController;
    switch (reply.type) {
      case 'text': {
        let tokenCount = 0;
        for await (const content of streamText(reply.text, { ...pace, signal })) {
          tokenCount += 1;
          this.#put({ delta: { role: 'assistant', content } });
        }
        this.#put({ usage: usage(tokenCount) });
        return;
      }
      case 'tool_call':
        if (await wait(pace.clock ?? systemClock, pace.firstTokenMs ?? 0, signal)) {
          this.#put({ delta: { role: 'assistant', toolCalls: [call(reply)] } });
        }
        return;
      case 'error':
        throw new EmbeddedError('EMBEDDED_SCRIPTED_FAILURE', reply.message);
    }
  }

  #put(chunk: Omit<llm.ChatChunk, 'id'>): void {
    if (!this.abortController.signal.aborted) this.queue.put({ id: this.#turn.id, ...chunk });
  }
}

function usage(completionTokens: number): llm.CompletionUsage {
  return {
    completionTokens,
    promptTokens: 0,
    promptCachedTokens: 0,
    totalTokens: completionTokens,
  };
}

function requestOf(chatCtx: llm.ChatContext): ScriptedRequest {
  let userText = '';
  let toolOutputs: { name: string; output: string }[] = [];
  for (const item of chatCtx.items) {
    if (item.type === 'message' && item.role === 'user') {
      userText = item.textContent ?? '';
      toolOutputs = [];
    } else if (item.type === 'function_call_output') {
      toolOutputs.push({ name: item.name, output: item.output });
    }
  }
  return { userText, toolOutputs, chatCtx };
}

function matches(match: string | RegExp, userText: string): boolean {
  // Not `test`: a /g pattern keeps its position between calls of `test`, `search` ignores it.
  return typeof match === 'string'
    ? userText.toLowerCase().includes(match.toLowerCase())
    : userText.search(match) >= 0;
}
