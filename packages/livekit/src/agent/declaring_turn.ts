import type { AgentStateName, BeginOptions, DeclaredResponse, Turn, TurnId } from '@oncue/core';

/** What an agent may do with its turn. */
export interface AgentTurn {
  readonly id: TurnId;
  /** @see Turn.begin */
  begin(options?: BeginOptions): DeclaredResponse;
  /** @see Turn.queueAgentState */
  queueAgentState(state: AgentStateName): void;
}

/**
 * A turn as the agent's own code has it. It tells when the agent ends a response: a generator that begins the next one
 * may be silent for long before its first word, and the last words of the one before must not wait for that.
 */
export class DeclaringTurn implements AgentTurn {
  readonly inner: Turn;
  #tellEnded: () => void = () => {};

  constructor(inner: Turn) {
    this.inner = inner;
  }

  get id(): TurnId {
    return this.inner.id;
  }

  begin(options?: BeginOptions): DeclaredResponse {
    const response = this.inner.begin(options);
    this.#tellEnded();
    return response;
  }

  queueAgentState(state: AgentStateName): void {
    this.inner.queueAgentState(state);
    this.#tellEnded();
  }

  /** Fulfilled when the agent next declares something, which ends what it declared before. */
  responseEnded(): Promise<'ended'> {
    return new Promise((resolve) => {
      this.#tellEnded = () => resolve('ended');
    });
  }
}
