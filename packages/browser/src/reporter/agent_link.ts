import {
  type AgentEnvelope,
  type AgentMessage,
  encodeListenerMessage,
  type ListenerMessage,
  parseAgentMessage,
  ReplayWindow,
} from '@oncue/core/wire';
import { newEpoch } from '../shared/epoch.ts';
import { EPOCHS_KEPT, REPLAY_WINDOW_SIZE } from './tuning.ts';

/** A message of the agent. `isNewSession`: it is the first one of another session of the agent. */
export interface Received {
  readonly message: AgentMessage & AgentEnvelope;
  readonly isNewSession: boolean;
}

/**
 * The messages between one agent and this page, over a network that loses, repeats and reorders packets. Takes each message
 * of the agent once, and numbers the messages to it. Everything from a `hello` to the next `bye` has one epoch.
 */
export class AgentLink {
  readonly #send: (text: string, isReliable: boolean) => void;
  #agentEpoch: string | undefined;
  #pastEpochs: readonly string[] = [];
  #replayWindow = new ReplayWindow(REPLAY_WINDOW_SIZE);
  #epoch: string | undefined;
  #seq = 0;

  constructor(send: (text: string, isReliable: boolean) => void) {
    this.#send = send;
  }

  /** Whether the agent knows that this page listens. */
  get isHere(): boolean {
    return this.#epoch !== undefined;
  }

  /** @returns `undefined` for an invalid message, a repeated one, and one of a past session. */
  take(text: string): Received | undefined {
    const parsed = parseAgentMessage(text);
    if (!parsed.ok) return undefined;
    const { message } = parsed;
    const { epoch, seq } = message;
    let isNewSession = false;
    if (epoch !== undefined && epoch !== this.#agentEpoch) {
      if (this.#pastEpochs.includes(epoch)) return undefined;
      isNewSession = this.#agentEpoch !== undefined;
      this.#beginSession(epoch);
    }
    const isNew = seq === undefined || this.#replayWindow.accept(seq);
    return isNew ? { message, isNewSession } : undefined;
  }

  /** Announces that this page listens. May be repeated. */
  hello(playedBy: 'graph' | 'element'): void {
    if (this.#epoch === undefined) {
      this.#epoch = newEpoch();
      this.#seq = 0;
    }
    this.say({ type: 'hello', evidence: 'device', playedBy }, true);
  }

  /** Announces that this page no longer listens. Does nothing if the agent does not know of it. */
  bye(): void {
    this.say({ type: 'bye' }, true);
    this.#epoch = undefined;
  }

  /** Sends a message if the agent knows of this page; otherwise does nothing. */
  say(message: ListenerMessage, isReliable: boolean): void {
    if (this.#epoch === undefined) return;
    this.#seq += 1;
    this.#send(encodeListenerMessage(message, { epoch: this.#epoch, seq: this.#seq }), isReliable);
  }

  #beginSession(epoch: string): void {
    if (this.#agentEpoch !== undefined)
      this.#pastEpochs = [...this.#pastEpochs, this.#agentEpoch].slice(-EPOCHS_KEPT);
    this.#agentEpoch = epoch;
    this.#replayWindow = new ReplayWindow(REPLAY_WINDOW_SIZE);
  }
}
