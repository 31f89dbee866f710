import { type llm, voice } from '@livekit/agents';
import type { OncueEvent } from '@oncue/core';
import type { MadeWord } from './fakes/words_tts.ts';
import type { ChatMessage, SaidSegment, ToldMessage } from './observed.ts';

/** All that an application can see of a session. */
export class Watch {
  readonly states: { state: voice.AgentState; atMs: number }[] = [];
  readonly captions: { text: string; atMs: number }[] = [];
  readonly handles: voice.SpeechHandle[] = [];
  readonly errors: string[] = [];
  readonly rejections: string[] = [];
  readonly events: OncueEvent[] = [];
  readonly itemsTold = { before: [] as ToldMessage[], after: [] as ToldMessage[] };
  readonly finishes: voice.PlaybackFinishedEvent[] = [];
  readonly said: SaidSegment[] = [];
  readonly #session: voice.AgentSession;
  readonly #nowMs: () => number;

  constructor(session: voice.AgentSession, nowMs: () => number) {
    this.#session = session;
    this.#nowMs = nowMs;
  }

  /** To be called before Oncue is attached: these handlers are the first. */
  beforeAttach(): void {
    const { AgentSessionEventTypes: Events } = voice;
    this.#session.on(Events.AgentStateChanged, ({ newState }) => {
      this.states.push({ state: newState, atMs: this.#nowMs() });
    });
    this.#session.on(Events.SpeechCreated, ({ speechHandle }) => {
      this.handles.push(speechHandle);
    });
    this.#session.on(Events.Error, ({ error }) => {
      this.errors.push('error' in error ? error.error.message : String(error));
    });
    this.#noteItems(this.itemsTold.before);
    process.on('unhandledRejection', this.#rejected);
  }

  afterAttach(): void {
    this.#noteItems(this.itemsTold.after);
  }

  /** The output that the session plays to. */
  output(output: voice.AudioOutput, made: readonly MadeWord[]): void {
    output.on(voice.AudioOutput.EVENT_PLAYBACK_FINISHED, (event) => this.finishes.push(event));
    const captureFrame = output.captureFrame.bind(output);
    output.captureFrame = async (frame) => {
      const before = output.capturedPlayoutSegments;
      const atMs = this.#nowMs();
      await captureFrame(frame);
      if (output.capturedPlayoutSegments === before) return;
      const word = made.find(({ level }) => level === frame.data[0]);
      if (word) this.said.push({ firstWord: word, atMs });
    };
  }

  caption(text: string): void {
    this.captions.push({ text, atMs: this.#nowMs() });
  }

  get history(): ChatMessage[] {
    return this.#session.history.items.flatMap(messagesOf);
  }

  stop(): void {
    process.off('unhandledRejection', this.#rejected);
  }

  readonly #rejected = (reason: unknown): void => {
    this.rejections.push(String(reason));
  };

  #noteItems(items: ToldMessage[]): void {
    const { AgentSessionEventTypes: Events } = voice;
    this.#session.on(Events.ConversationItemAdded, ({ item }) => {
      items.push(...messagesOf(item).map((one) => ({ ...one, atMs: this.#nowMs() })));
    });
  }
}

function messagesOf(item: llm.ChatItem | voice.ConversationItemAddedEvent['item']): ChatMessage[] {
  return item.type === 'message' && item.role === 'assistant'
    ? [{ id: item.id, text: item.textContent ?? '', interrupted: item.interrupted }]
    : [];
}
