import { ReadableStream } from 'node:stream/web';
import { llm } from '@livekit/agents';
import { toneOf } from './tone_tts.ts';

/** A realtime model that answers every request with the same messages, each with its audio. */
export class RealtimeDouble extends llm.RealtimeModel {
  readonly #messages: readonly string[];

  constructor(...messages: readonly string[]) {
    super({
      messageTruncation: true,
      turnDetection: false,
      userTranscription: false,
      autoToolReplyGeneration: false,
      audioOutput: true,
      manualFunctionCalls: false,
    });
    this.#messages = messages;
  }

  override get model(): string {
    return 'double';
  }

  override session(): llm.RealtimeSession {
    return new DoubleSession(this, this.#messages);
  }

  override async close(): Promise<void> {}
}

class DoubleSession extends llm.RealtimeSession {
  override chatCtx: llm.ChatContext = llm.ChatContext.empty();
  override tools: llm.ToolContext = llm.ToolContext.empty();
  readonly #messages: readonly string[];

  constructor(model: RealtimeDouble, messages: readonly string[]) {
    super(model);
    this.#messages = messages;
  }

  override async generateReply(): Promise<llm.GenerationCreatedEvent> {
    const event = {
      messageStream: ReadableStream.from(this.#messages.map(messageOf)),
      functionStream: ReadableStream.from<llm.FunctionCall>([]),
      userInitiated: true,
    };
    this.emit('generation_created', event);
    return event;
  }

  override async updateInstructions(): Promise<void> {}
  override async updateChatCtx(chatCtx: llm.ChatContext): Promise<void> {
    this.chatCtx = chatCtx;
  }
  override async updateTools(tools: llm.ToolContext): Promise<void> {
    this.tools = tools;
  }
  override updateOptions(): void {}
  override pushAudio(): void {}
  override async commitAudio(): Promise<void> {}
  override async clearAudio(): Promise<void> {}
  override async interrupt(): Promise<void> {}
  override async truncate(): Promise<void> {}
}

function messageOf(text: string, index: number): llm.MessageGeneration {
  return {
    messageId: `message_${index}`,
    textStream: ReadableStream.from([text]),
    audioStream: ReadableStream.from(text.split(' ').map((word) => toneOf(word))),
    modalities: Promise.resolve(['text', 'audio']),
  };
}
