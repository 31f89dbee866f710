import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A message of the assistant in the agent's chat history. */
export interface StoredMessage {
  readonly text: string;
  readonly interrupted: boolean;
}

/** The parts of LiveKit's protocol that a console uses (`voice/remote_session.ts`). */
interface Message {
  readonly message: { readonly case: string; readonly value: MessageValue };
  toBinary(): Uint8Array;
}

interface MessageValue {
  readonly samplesPerChannel?: number;
  readonly sampleRate?: number;
  readonly requestId?: string;
  readonly error?: string;
  readonly event?: { readonly case: string; readonly value: { readonly newState?: number } };
  readonly response?: { readonly value: { readonly items?: readonly ChatItem[] } };
}

interface ChatItem {
  readonly item: {
    readonly case: string;
    readonly value: {
      readonly role: number;
      readonly interrupted: boolean;
      readonly content: readonly { readonly payload: { readonly value: string } }[];
    };
  };
}

interface Protocol {
  readonly AgentSession: {
    readonly AgentSessionMessage: {
      new (of: object): Message;
      fromBinary(bytes: Uint8Array): Message;
    };
    readonly SessionRequest: new (of: object) => object;
    readonly AgentState: Readonly<Record<number, string>>;
  };
}

const HEADER_BYTES = 4;
/** `ChatRole` of the protocol. */
const ASSISTANT = 3;

const agents = createRequire(import.meta.url).resolve('@livekit/agents');
const { AgentSession: protocol } = createRequire(agents)('@livekit/protocol') as Protocol;

/**
 * What `lk agent console` is to an agent: takes its audio by TCP, plays it in real time, and says when a segment has been
 * played. It says nothing of the start of one.
 */
export class ConsoleBroker {
  /** The states of the agent that it told, in order. */
  readonly states: string[] = [];
  /** How much of each segment was played, ms. The last may still play. */
  readonly playedMs: number[] = [];
  readonly #server: Server;
  readonly #answers = new Map<string, (value: MessageValue) => void>();
  #socket: Socket | undefined;
  #bytes: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #queueEndsAtMs = 0;
  #segmentBeganAtMs: number | undefined;
  #finish: NodeJS.Timeout | undefined;
  #requestCount = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#socket = socket;
      socket.on('data', (bytes) => this.#take(bytes));
      socket.on('error', () => {});
    });
  }

  static async open(): Promise<ConsoleBroker> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ConsoleBroker(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How much of the segment that plays now has sounded, ms. */
  get playingMs(): number {
    return Math.max(0, performance.now() - (this.#segmentBeganAtMs ?? performance.now()));
  }

  /** Types a line. Resolves when the agent has answered it, to the end of the sound. */
  async ask(text: string): Promise<void> {
    await this.#request({ case: 'runInput', value: { text } });
  }

  /** What the agent said, by its chat history. */
  async messages(): Promise<StoredMessage[]> {
    const { response } = await this.#request({ case: 'getChatHistory', value: {} });
    return (response?.value.items ?? []).flatMap(({ item }) => {
      const { case: kind, value } = item;
      if (kind !== 'message' || value.role !== ASSISTANT) return [];
      const text = value.content.map(({ payload }) => payload.value).join('');
      return [{ text, interrupted: value.interrupted }];
    });
  }

  close(): void {
    clearTimeout(this.#finish);
    this.#socket?.destroy();
    this.#server.close();
  }

  #request(request: object): Promise<MessageValue> {
    this.#requestCount += 1;
    const requestId = `request_${this.#requestCount}`;
    const answer = new Promise<MessageValue>((resolve) => this.#answers.set(requestId, resolve));
    this.#send({ case: 'request', value: new protocol.SessionRequest({ requestId, request }) });
    return answer;
  }

  #send(message: object): void {
    const bytes = new protocol.AgentSessionMessage({ message }).toBinary();
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32BE(bytes.length);
    this.#socket?.write(Buffer.concat([header, bytes]));
  }

  #take(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    while (this.#bytes.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.#bytes.readUInt32BE(0);
      if (this.#bytes.length < end) return;
      const { message } = protocol.AgentSessionMessage.fromBinary(
        this.#bytes.subarray(HEADER_BYTES, end),
      );
      this.#bytes = this.#bytes.subarray(end);
      this.#receive(message.case, message.value);
    }
  }

  #receive(kind: string, value: MessageValue): void {
    const nowMs = performance.now();
    switch (kind) {
      case 'audioOutput': {
        this.#segmentBeganAtMs ??= Math.max(nowMs, this.#queueEndsAtMs);
        const { samplesPerChannel = 0, sampleRate = 1 } = value;
        this.#queueEndsAtMs =
          Math.max(nowMs, this.#queueEndsAtMs) + (samplesPerChannel * 1000) / sampleRate;
        return;
      }
      case 'audioPlaybackFlush':
        this.#finish = setTimeout(() => {
          this.#segmentOver(this.#queueEndsAtMs);
          this.#send({ case: 'audioPlaybackFinished', value: {} });
        }, this.#queueEndsAtMs - nowMs);
        return;
      case 'audioPlaybackClear':
        clearTimeout(this.#finish);
        this.#queueEndsAtMs = Math.min(nowMs, this.#queueEndsAtMs);
        this.#segmentOver(nowMs);
        this.#send({ case: 'audioPlaybackFinished', value: {} });
        return;
      case 'event':
        if (value.event?.case === 'agentStateChanged')
          this.states.push(stateName(value.event.value.newState ?? 0));
        return;
      case 'response':
        this.#answers.get(value.requestId ?? '')?.(value);
        return;
      default:
        return;
    }
  }

  #segmentOver(atMs: number): void {
    if (this.#segmentBeganAtMs === undefined) return;
    this.playedMs.push(Math.max(0, atMs - this.#segmentBeganAtMs));
    this.#segmentBeganAtMs = undefined;
  }
}

/** `AS_SPEAKING` is `speaking`. */
function stateName(state: number): string {
  return (protocol.AgentState[state] ?? '').replace('AS_', '').toLowerCase();
}
