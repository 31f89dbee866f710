import type { AgentMs, ResponseId } from '@oncue/core';
import type { AgentMessage } from '@oncue/core/wire';
import { type ListenerDevice, type ListenerEvents, LocalDevice } from '@oncue/livekit';

/** A local device that notes when it first gets samples. Both sides play to one of these. */
export class WatchedDevice implements ListenerDevice {
  readonly sampleRateHz: number;
  readonly sameClock: boolean;
  /** Of the first samples since this was last set to undefined. */
  firstWriteMs: number | undefined;
  readonly #device: LocalDevice;

  constructor(sampleRateHz: number) {
    this.#device = new LocalDevice({ sampleRateHz });
    this.sampleRateHz = sampleRateHz;
    this.sameClock = this.#device.sameClock;
  }

  open(session: ListenerEvents): void {
    this.#device.open(session);
  }

  send(message: AgentMessage): void {
    this.#device.send(message);
  }

  write(responseId: ResponseId, samples: Int16Array): AgentMs | undefined {
    this.firstWriteMs ??= performance.now();
    return this.#device.write(responseId, samples);
  }

  close(): void {
    this.#device.close();
  }
}
