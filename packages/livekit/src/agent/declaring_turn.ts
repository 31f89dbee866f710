import type {
  AgentStateName,
  BeginOptions,
  DeclaredResponse,
  MarkOptions,
  Turn,
  TurnId,
} from '@oncue/core';

/** What an agent can do with its turn. */
export interface AgentTurn {
  readonly id: TurnId;
  /** @see Turn.begin */
  begin(options?: BeginOptions): DeclaredResponse;
  /** @see Turn.mark */
  mark(name: string, options?: MarkOptions): void;
  /** @see Turn.queueAgentState */
  queueAgentState(state: AgentStateName): void;
}

/**
 * The turn that the agent's own code gets. It signals when the agent ends a response: after `begin`, a generator may
 * take long until its first word, and the last words of the previous response must not wait for that.
 */
export class DeclaringTurn implements AgentTurn {
  readonly inner: Turn;
  #reportEnded: () => void = () => {};

  constructor(inner: Turn) {
    this.inner = inner;
  }

  get id(): TurnId {
    return this.inner.id;
  }

  begin(options?: BeginOptions): DeclaredResponse {
    const response = this.inner.begin(options);
    this.#reportEnded();
    return response;
  }

  /** It ends no response. */
  mark(name: string, options?: MarkOptions): void {
    this.inner.mark(name, options);
  }

  queueAgentState(state: AgentStateName): void {
    this.inner.queueAgentState(state);
    this.#reportEnded();
  }

  /** Resolves when the agent next declares something, which ends its previous response. */
  responseEnded(): Promise<'ended'> {
    return new Promise((resolve) => {
      this.#reportEnded = () => resolve('ended');
    });
  }
}
