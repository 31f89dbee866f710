import { type Context, context } from '@opentelemetry/api';

/** What is used of a LiveKit `SpeechHandle`. */
interface Speech {
  readonly id: string;
  addDoneCallback(callback: () => void): void;
}

/** What is used of a LiveKit `AgentSession`, so that this package needs no copy of `@livekit/agents`. */
export interface TracedSession {
  on(type: never, handler: never): unknown;
  off(type: never, handler: never): unknown;
}

interface ItemAdded {
  readonly item: {
    readonly type?: string;
    readonly role?: string;
    readonly metrics?: { readonly stoppedSpeakingAt?: number };
  };
}

/** LiveKit's events that are listened to, by their names in `voice/events.ts`. */
interface SessionEvents {
  speech_created: { readonly speechHandle: Speech };
  conversation_item_added: ItemAdded;
}

/**
 * What LiveKit knows and Oncue does not: the span that a speech belongs to, and when the user stopped speaking.
 */
export class LiveKitSession {
  readonly #speeches = new Map<string, Speech>();
  readonly #removers: (() => void)[] = [];
  /** Ms since 1970. Taken by the response that answers. */
  #userStoppedAtMs: number | undefined;

  constructor(session: TracedSession) {
    this.#on(session, 'speech_created', ({ speechHandle }) => {
      this.#speeches.set(speechHandle.id, speechHandle);
      speechHandle.addDoneCallback(() => this.#speeches.delete(speechHandle.id));
    });
    this.#on(session, 'conversation_item_added', ({ item }) => {
      const stoppedAtS = item.role === 'user' ? item.metrics?.stoppedSpeakingAt : undefined;
      if (stoppedAtS !== undefined) this.#userStoppedAtMs = stoppedAtS * 1000;
    });
  }

  /**
   * The context of the `agent_turn` span that a speech has now. A tool loop gives the speech another one for each step,
   * so this is asked when a response is declared. LiveKit has no public name for it. Without it, the context of the
   * running code is that of `llm_node` or `tts_node`, children of the turn.
   */
  contextOf(speechId: string | undefined): Context {
    const speech = this.#speeches.get(speechId ?? '') as
      | { readonly _agentTurnContext?: Context }
      | undefined;
    return speech?._agentTurnContext ?? context.active();
  }

  /** How long the user waited for what began at this instant, in ms. Gives each wait once. */
  takeWaitMs(heardAtEpochMs: number): number | undefined {
    const stoppedAtMs = this.#userStoppedAtMs;
    if (stoppedAtMs === undefined || stoppedAtMs > heardAtEpochMs) return undefined;
    this.#userStoppedAtMs = undefined;
    return heardAtEpochMs - stoppedAtMs;
  }

  close(): void {
    for (const remove of this.#removers) remove();
    this.#speeches.clear();
  }

  #on<T extends keyof SessionEvents>(
    session: TracedSession,
    type: T,
    handler: (event: SessionEvents[T]) => void,
  ): void {
    session.on(type as never, handler as never);
    this.#removers.push(() => void session.off(type as never, handler as never));
  }
}
