import type { AgentMs, Clock, ResponseId } from '@oncue/core';
import { ScriptedListener } from '@oncue/core/testing';
import { parseAudioFrame } from '@oncue/core/wire';
import type { ListenerSocket } from '@oncue/livekit';

const realClock: Clock = {
  nowMs: () => performance.now() as AgentMs,
  schedule: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A page in this process, at the other end of a socket that loses nothing. It plays in real time and reports. */
export class MemoryPage implements ListenerSocket {
  readonly bufferedAmount = 0;
  readonly #listeners = new Map<string, ((event: never) => void)[]>();
  readonly #listener: ScriptedListener;
  #isOpen = true;

  constructor(name: string) {
    this.#listener = new ScriptedListener({
      clock: realClock,
      name,
      send: (data) => setImmediate(() => this.#emit('message', { data })),
    });
  }

  /** Says `hello`: its audio runs. */
  join(): void {
    this.#listener.join();
  }

  /** When a response began to sound here. */
  startOf(id: ResponseId): number | undefined {
    return this.#listener.truthOf(id)?.startedAtMs;
  }

  send(data: string | Uint8Array): void {
    const taken = typeof data === 'string' ? data : parseAudioFrame(data)?.samples.length;
    setImmediate(() => {
      if (!this.#isOpen || taken === undefined) return;
      if (typeof taken === 'string') this.#listener.receive(taken);
      else this.#listener.audio(taken);
    });
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#emit('close', {});
    this.#isOpen = false;
    this.#listener.vanish();
  }

  addEventListener(type: string, run: (event: never) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), run]);
  }

  #emit(type: string, event: object): void {
    if (!this.#isOpen) return;
    for (const run of this.#listeners.get(type) ?? []) run(event as never);
  }
}
