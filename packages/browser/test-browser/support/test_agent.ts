import type { ResponseId } from '@oncue/core';
import {
  ListenerGate,
  type ListenerMessage,
  type Playhead,
  parseListenerMessage,
} from '@oncue/core/wire';
import { SocketListener } from '@oncue/livekit';
import type { Site } from './site.ts';

/** The rate of all live tests. */
export const RATE_HZ = 24_000;

const PING_INTERVAL_MS = 100;

/** An agent without a session: a real `SocketListener`, and all that the page says to it. */
export class TestAgent {
  readonly listener: SocketListener = new SocketListener({ sampleRateHz: RATE_HZ });
  readonly messages: ListenerMessage[] = [];
  readonly gate: ListenerGate = new ListenerGate();
  #timer: NodeJS.Timeout | undefined;

  constructor(site: Site) {
    site.onSocket = (socket) => this.listener.attachSocket(socket);
    this.listener.open({
      message: (raw) => {
        const parsed = parseListenerMessage(raw);
        if (!parsed.ok) throw new TypeError(`the page sent what is no message: ${raw}`);
        this.messages.push(parsed.message);
        const verdict = this.gate.take(raw, performance.now() as never);
        if (verdict.type === 'dropped') {
          // A slow machine: audio is sent after a second, also before the page (or the page after a reload) has
          // answered a ping.
          const isClockKnown = this.gate.clockMap.toAgent(0 as never) !== undefined;
          if (verdict.reason === 'out_of_range' && !isClockKnown) return;
          throw new TypeError(`dropped, ${verdict.reason}: ${raw}`);
        }
        // As a session does: the listener acts only on what the gate has accepted.
        if (verdict.type !== 'known') this.listener.accepted(verdict);
        if (verdict.type === 'joined') this.#ping();
      },
      gone: () => {},
      audience: () => {},
      pathEstimated: () => {},
      queueMoved: () => {},
      neverLeft: () => {},
      untaken: () => {},
      others: () => {},
      refused: () => {},
    });
  }

  /** Sends a response as the output of a session does. */
  play(responseId: string, samples: Int16Array): void {
    const id = responseId as ResponseId;
    this.listener.send({ type: 'announce', responseId: id, sampleRateHz: RATE_HZ });
    for (let from = 0; from < samples.length; from += 2400)
      this.listener.write(id, samples.slice(from, from + 2400));
    this.listener.send({ type: 'end', responseId: id, totalSamples: samples.length });
  }

  reportsOf(responseId: string): Playhead[] {
    return this.messages.filter(
      (message): message is Playhead =>
        message.type === 'playhead' && message.responseId === responseId,
    );
  }

  count(type: ListenerMessage['type']): number {
    return this.messages.filter((message) => message.type === type).length;
  }

  /** Waits until the page has said something. */
  async until(what: string, isSo: () => boolean, timeoutMs = 40_000): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    while (!isSo()) {
      if (performance.now() > endMs)
        throw new Error(`${what} did not come; last: ${JSON.stringify(this.messages.slice(-5))}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.listener.close();
  }

  #ping(): void {
    clearInterval(this.#timer);
    const ping = (): void => this.listener.send(this.gate.ping(performance.now() as never));
    this.#timer = setInterval(ping, PING_INTERVAL_MS);
    ping();
  }
}

/** Counts up from a start, so that each sample tells its place; none is silence. */
export function samples(from: number, ms: number): Int16Array {
  const count = (ms * RATE_HZ) / 1000;
  return Int16Array.from({ length: count }, (_, index) => ((from + index) % 32_000) + 1);
}
