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
  conversation_item_added: ItemAdded;
}

/** What LiveKit knows and Oncue does not: when the user stopped speaking. */
export class LiveKitSession {
  readonly #removers: (() => void)[] = [];
  /** Ms since 1970. Taken by the response that answers. */
  #userStoppedAtMs: number | undefined;

  constructor(session: TracedSession) {
    this.#on(session, 'conversation_item_added', ({ item }) => {
      const stoppedAtS = item.role === 'user' ? item.metrics?.stoppedSpeakingAt : undefined;
      if (stoppedAtS !== undefined) this.#userStoppedAtMs = stoppedAtS * 1000;
    });
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
