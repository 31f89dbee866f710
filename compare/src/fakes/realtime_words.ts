import { ReadableStream } from 'node:stream/web';
import { llm } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { SAMPLE_RATE_HZ, splitWords, type WordsTTS } from './words_tts.ts';

/**
 * A realtime model: one message a response, with its sound, all at once. The comparison has doubles of its own, so that no
 * change for the tests of `packages/livekit` moves its figures.
 */
export class RealtimeWords extends llm.RealtimeModel {
  readonly #answer: (chatCtx: llm.ChatContext) => readonly string[];
  readonly #voice: WordsTTS;

  constructor(answer: (chatCtx: llm.ChatContext) => readonly string[], voice: WordsTTS) {
    super({
      messageTruncation: true,
      turnDetection: false,
      userTranscription: false,
      autoToolReplyGeneration: false,
      audioOutput: true,
      manualFunctionCalls: false,
    });
    this.#answer = answer;
    this.#voice = voice;
  }

  override get model(): string {
    return 'compare';
  }

  override session(): llm.RealtimeSession {
    return new Session(this, this.#answer, this.#voice);
  }

  override async close(): Promise<void> {}
}

class Session extends llm.RealtimeSession {
  override chatCtx: llm.ChatContext = llm.ChatContext.empty();
  override tools: llm.ToolContext = llm.ToolContext.empty();
  readonly #answer: (chatCtx: llm.ChatContext) => readonly string[];
  readonly #voice: WordsTTS;
  #messageCount = 0;

  constructor(
    model: RealtimeWords,
    answer: (chatCtx: llm.ChatContext) => readonly string[],
    voice: WordsTTS,
  ) {
    super(model);
    this.#answer = answer;
    this.#voice = voice;
  }

  override async generateReply(): Promise<llm.GenerationCreatedEvent> {
    const messages = this.#answer(this.chatCtx).map((text) => this.#messageOf(text));
    const event = {
      messageStream: ReadableStream.from(messages),
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

  #messageOf(text: string): llm.MessageGeneration {
    this.#messageCount += 1;
    const frames = splitWords(text).map((word) => {
      const { samples, level } = this.#voice.make(word);
      return new AudioFrame(new Int16Array(samples).fill(level), SAMPLE_RATE_HZ, 1, samples);
    });
    return {
      messageId: `message_${this.#messageCount}`,
      textStream: ReadableStream.from([text]),
      audioStream: ReadableStream.from(frames),
      modalities: Promise.resolve(['text', 'audio']),
    };
  }
}
