import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { COMMANDS, type Command, MessageReader, MessageWriter, u32 } from './pulse_messages.ts';

/** The oldest version in which streams can be asked for their latencies; later ones only add fields. */
const PROTOCOL_VERSION = 12;

/** Before each packet: length, channel, two words of offset, flags. */
const HEADER_BYTES = 20;
/** Such packets are messages; others are audio of the stream with that number. */
const MESSAGE_CHANNEL = 0xffff_ffff;
const COOKIE_BYTES = 256;

/** A reply, and when it was asked for and came, on this process's clock. */
interface Answered {
  readonly reply: MessageReader;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

interface Waiting {
  readonly askedAtMs: number;
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: Error) => void;
}

/** A connection to a PulseAudio server. */
export class PulseConnection {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #bytes = Buffer.alloc(0);
  #lastTag = 0;
  /** Gets the audio of each stream that records. The buffer is the receiver's. */
  onAudio: (stream: number, audio: Buffer) => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('close', () => this.#fail(new Error('PulseAudio has closed the connection')));
    socket.on('error', (error) => this.#fail(error));
  }

  /** @param path Of the server's Unix socket. @throws Error if there is no server. */
  static async open(path: string): Promise<PulseConnection> {
    const socket = connect(path);
    await once(socket, 'connect');
    const connection = new PulseConnection(socket);
    const cookie = Buffer.alloc(COOKIE_BYTES);
    await connection.ask('auth', (ask) => ask.number(PROTOCOL_VERSION).bytes(cookie));
    await connection.ask('setClientName', (ask) => ask.text('oncue testbed'));
    return connection;
  }

  /** @throws Error if the server refuses. */
  ask(command: Command, write: (message: MessageWriter) => void): Promise<Answered> {
    this.#lastTag += 1;
    const tag = this.#lastTag;
    const message = new MessageWriter().number(COMMANDS[command]).number(tag);
    write(message);
    return new Promise((resolve, reject) => {
      this.#waiting.set(tag, { askedAtMs: performance.now(), resolve, reject });
      this.#send(MESSAGE_CHANNEL, message.end());
    });
  }

  /** Sends audio to a stream that plays. */
  play(stream: number, audio: Buffer): void {
    this.#send(stream, audio);
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(channel: number, body: Buffer): void {
    const header = [u32(body.length), u32(channel), u32(0), u32(0), u32(0)];
    this.#socket.write(Buffer.concat([...header, body]));
  }

  #take(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    while (this.#bytes.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.#bytes.readUInt32BE(0);
      if (this.#bytes.length < end) return;
      const channel = this.#bytes.readUInt32BE(4);
      const body = this.#bytes.subarray(HEADER_BYTES, end);
      this.#bytes = this.#bytes.subarray(end);
      if (channel === MESSAGE_CHANNEL) this.#takeMessage(new MessageReader(body));
      else this.onAudio(channel, body);
    }
  }

  #takeMessage(reply: MessageReader): void {
    const command = reply.number();
    const tag = reply.number();
    const waiting = this.#waiting.get(tag);
    // The server also says what nobody asked: that a stream has begun, or wants more.
    if (!waiting) return;
    this.#waiting.delete(tag);
    const answeredAtMs = performance.now();
    if (command === COMMANDS.reply)
      waiting.resolve({ reply, askedAtMs: waiting.askedAtMs, answeredAtMs });
    else waiting.reject(new Error(`PulseAudio refused: error ${reply.number()}`));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
