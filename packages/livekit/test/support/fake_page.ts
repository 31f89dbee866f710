import {
  type AgentMessage,
  type AudioFrame,
  encodeListenerMessage,
  type ListenerMessage,
  parseAgentMessage,
  parseAudioFrame,
} from '@oncue/core/wire';
import type { ListenerSocket } from '../../src/listeners/socket_listener.ts';

let pageCount = 0;

/** A page at the other end of a socket that loses nothing. It keeps what arrives, and sends what the test wants. */
export class FakePage implements ListenerSocket {
  bufferedAmount = 0;
  readonly messages: AgentMessage[] = [];
  readonly frames: AudioFrame[] = [];
  closedWith: number | undefined;
  /** Answers each ping, as pages do. */
  answersPings = true;
  readonly #listeners: { readonly type: string; readonly run: (event: never) => void }[] = [];
  readonly #nowMs: () => number;
  #epoch = '';
  #seq = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  send(data: string | Uint8Array): void {
    if (typeof data !== 'string') {
      const frame = parseAudioFrame(data);
      if (frame) this.frames.push(frame);
      return;
    }
    const parsed = parseAgentMessage(data);
    if (!parsed.ok) throw new TypeError(`not a message: ${data}`);
    const { v: _, ...message } = parsed.message;
    this.messages.push(message as AgentMessage);
    if (message.type === 'ping' && this.answersPings) this.pong(message.pingId);
  }

  close(code = 1000): void {
    this.closedWith ??= code;
    this.#emit('close', {});
  }

  addEventListener(type: string, run: (event: never) => void): void {
    this.#listeners.push({ type, run });
  }

  hello(): void {
    pageCount += 1;
    this.#epoch = `page-${pageCount}`;
    this.#seq = 0;
    this.say({ type: 'hello', evidence: 'device' });
  }

  pong(pingId: number): void {
    const atMs = this.#nowMs() as never;
    this.say({ type: 'pong', pingId, receivedAtMs: atMs, sentAtMs: atMs });
  }

  report(
    responseId: string,
    heardSamples: number,
    phase: 'playing' | 'ended' | 'cut' = 'playing',
    aheadMs = 0,
  ): void {
    const atMs = (this.#nowMs() + aheadMs) as never;
    this.say({
      type: 'playhead',
      responseId: responseId as never,
      startedAtMs: atMs,
      heardSamples,
      positionAtMs: atMs,
      phase,
      evidence: 'device',
      errorBoundMs: 1,
    });
  }

  say(message: ListenerMessage): void {
    this.#seq += 1;
    this.sendText(encodeListenerMessage(message, { epoch: this.#epoch, seq: this.#seq }));
  }

  /** What need not be a message. */
  sendText(data: string | Uint8Array): void {
    this.#emit('message', { data });
  }

  /** Types of the messages that arrived, without pings. */
  get types(): readonly string[] {
    return this.messages.map((message) => message.type).filter((type) => type !== 'ping');
  }

  samplesOf(responseId: string): number[] {
    return this.frames
      .filter((frame) => frame.responseId === responseId)
      .flatMap((frame) => [...frame.samples]);
  }

  #emit(type: string, event: object): void {
    for (const listener of this.#listeners) {
      if (listener.type === type) listener.run(event as never);
    }
  }
}
