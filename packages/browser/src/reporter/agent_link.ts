import {
  type AgentEnvelope,
  type AgentMessage,
  encodeListenerMessage,
  type ListenerMessage,
  parseAgentMessage,
  ReplayWindow,
} from '@oncue/core/wire';

/** How late a message of the agent may come, in sequence numbers. */
const REPLAY_WINDOW_SIZE = 512;

/** Sessions remembered, so that a late message of one that is over does not bring it back. */
const EPOCHS_KEPT = 16;

/** What a message amounts to: `renewed` when it is the first of another session of the agent. */
export interface Received {
  readonly message: AgentMessage & AgentEnvelope;
  readonly renewed: boolean;
}

/**
 * The two directions between one agent and this page, over a network that loses, repeats and reorders: takes each message
 * of the agent once, and numbers what is said to it. A visit goes from `hello` to `bye`, and is an epoch of its own.
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

  /** Whether the agent knows that somebody listens. */
  get isHere(): boolean {
    return this.#epoch !== undefined;
  }

  /** @returns `undefined` for what is no message, was taken before, or comes from a session that is over. */
  take(text: string): Received | undefined {
    const parsed = parseAgentMessage(text);
    if (!parsed.ok) return undefined;
    const { message } = parsed;
    const { epoch, seq } = message;
    let renewed = false;
    if (epoch !== undefined && epoch !== this.#agentEpoch) {
      if (this.#pastEpochs.includes(epoch)) return undefined;
      renewed = this.#agentEpoch !== undefined;
      this.#renew(epoch);
    }
    const isNew = seq === undefined || this.#replayWindow.accept(seq);
    return isNew ? { message, renewed } : undefined;
  }

  /** Says that somebody listens, again if need be. */
  hello(playedBy: 'graph' | 'element'): void {
    if (this.#epoch === undefined) {
      this.#epoch = newEpoch();
      this.#seq = 0;
    }
    this.say({ type: 'hello', evidence: 'device', playedBy }, true);
  }

  bye(): void {
    this.say({ type: 'bye' }, true);
    this.#epoch = undefined;
  }

  /** Says something, if the agent knows of us. */
  say(message: ListenerMessage, isReliable: boolean): void {
    if (this.#epoch === undefined) return;
    this.#seq += 1;
    this.#send(encodeListenerMessage(message, { epoch: this.#epoch, seq: this.#seq }), isReliable);
  }

  #renew(epoch: string): void {
    if (this.#agentEpoch !== undefined)
      this.#pastEpochs = [...this.#pastEpochs, this.#agentEpoch].slice(-EPOCHS_KEPT);
    this.#agentEpoch = epoch;
    this.#replayWindow = new ReplayWindow(REPLAY_WINDOW_SIZE);
  }
}

/** `crypto.randomUUID` is for secure pages only. */
function newEpoch(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
