import {
  type AgentEnvelope,
  type AgentMessage,
  encodeListenerMessage,
  type ListenerMessage,
  parseAgentMessage,
  ReplayWindow,
} from '@oncue/core/wire';
import { EPOCHS_KEPT, REPLAY_WINDOW_SIZE } from './tuning.ts';

/** A message as an agent in a room sends it. */
export type RoomMessage = AgentMessage & Required<AgentEnvelope>;

/**
 * The messages between one agent and this page, over a network that loses, repeats and reorders packets. Takes each message
 * of the agent once, and numbers the messages to it. Everything from a `hello` to the next `bye` has one epoch.
 */
export class AgentLink {
  readonly #send: (text: string, isReliable: boolean) => void;
  readonly #renewed: () => void;
  /** Of the agent's sessions; the last is that of the present one. */
  #agentEpochs: readonly string[] = [];
  #replayWindow = new ReplayWindow(REPLAY_WINDOW_SIZE);
  #epoch: string | undefined;
  #seq = 0;

  /** @param renewed Called when the agent has begun a session, before its first message is returned. */
  constructor(send: (text: string, isReliable: boolean) => void, renewed: () => void) {
    this.#send = send;
    this.#renewed = renewed;
  }

  /** @returns `undefined` for an invalid message, a repeated one, and one of a past session. */
  take(text: string): RoomMessage | undefined {
    const parsed = parseAgentMessage(text);
    if (!parsed.ok) return undefined;
    const { epoch, seq } = parsed.message;
    // Only on a socket an agent may leave them out.
    if (!epoch || !seq) return undefined;
    if (epoch !== this.#agentEpochs.at(-1)) {
      if (this.#agentEpochs.includes(epoch)) return undefined;
      this.#agentEpochs = [...this.#agentEpochs, epoch].slice(-EPOCHS_KEPT);
      this.#replayWindow = new ReplayWindow(REPLAY_WINDOW_SIZE);
      this.#renewed();
    }
    return this.#replayWindow.accept(seq) ? (parsed.message as RoomMessage) : undefined;
  }

  /** Announces that this page listens. May be repeated. */
  hello(playedBy: 'graph' | 'element'): void {
    if (this.#epoch === undefined) {
      // Only secure pages have it, and only they have worklets.
      this.#epoch = crypto.randomUUID();
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
}
